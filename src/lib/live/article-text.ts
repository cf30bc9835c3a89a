/** The article's plain text over HTTP: to read before scripts and rooms are there. */

/**
 * @param guest principal of the guest who asks, whoever else is known in this browser; null: a member
 * @returns '' when it does not come: the text room brings it later
 */
export async function fetchText(
	fetchFn: typeof fetch,
	articleId: string,
	guest: string | null
): Promise<string> {
	const as = guest === null ? '' : `?as=${encodeURIComponent(guest)}`;
	const response = await fetchFn(`/api/v1/articles/${articleId}/text${as}`).catch(() => null);
	return response?.ok ? response.text() : '';
}
