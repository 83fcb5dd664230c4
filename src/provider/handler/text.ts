/** The length in UTF-8, which is what CloudFormation counts. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** Cuts a text to at most this many bytes of UTF-8, never through a character, and marks the cut. */
export function cutToBytes(text: string, limit: number): string {
  if (byteLength(text) <= limit) {
    return text;
  }
  const ellipsis = '…';
  const bytes = Buffer.from(text, 'utf8').subarray(0, limit - byteLength(ellipsis));
  // Decoding as a stream holds back the bytes of a character that the cut left incomplete.
  return new TextDecoder().decode(bytes, { stream: true }) + ellipsis;
}
