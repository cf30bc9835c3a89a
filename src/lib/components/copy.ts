/** Puts words on the clipboard; answers whether it could. Without https there is no clipboard object, only the old command. */
export async function copyText(text: string): Promise<boolean> {
	if (navigator.clipboard)
		return navigator.clipboard.writeText(text).then(
			() => true,
			() => false
		);
	const put = (event: ClipboardEvent) => {
		event.preventDefault();
		event.clipboardData?.setData('text/plain', text);
	};
	document.addEventListener('copy', put, { once: true });
	return document.execCommand('copy');
}
