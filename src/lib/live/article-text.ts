/** The article's plain text over HTTP: to read before scripts and rooms are there. */

/** @param guest the guest of this article asks. @returns '' when it does not come: the text room brings it later */
export async function fetchText(fetchFn: typeof fetch, articleId: string, guest: boolean): Promise<string> {
	const response = await fetchFn(`/api/v1/articles/${articleId}/text${guest ? '?as=guest' : ''}`).catch(
		() => null,
	);
	return response?.ok ? response.text() : '';
}
