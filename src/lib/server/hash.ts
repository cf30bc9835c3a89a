import { createHash } from 'node:crypto';

/** The hash of the text's UTF-8 bytes, in lower-case hexadecimal digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
