/** An attachment for what takes the place of something that had the focus, so that the keyboard stays there. */
export const takeFocus = (node: HTMLElement): void => node.focus();
