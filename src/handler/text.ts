const ELLIPSIS = '…';

/** The length in UTF-8, which is what CloudFormation counts. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** How many bytes the text takes within JSON, without the quotes. */
export function jsonLength(text: string): number {
  return byteLength(JSON.stringify(text)) - 2;
}

/** Cuts a text to at most this many bytes within JSON, never in the middle of a character, and marks the cut. */
export function cutToJsonLength(text: string, limit: number): string {
  let length = 0;
  let end = 0;
  let endBeforeEllipsis = 0;
  for (const character of text) {
    length += jsonLength(character);
    end += character.length;
    if (length <= limit - jsonLength(ELLIPSIS)) {
      endBeforeEllipsis = end;
    } else if (length > limit) {
      return text.slice(0, endBeforeEllipsis) + ELLIPSIS;
    }
  }
  return text;
}
