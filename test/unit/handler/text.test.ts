import { byteLength, cutToJsonLength, jsonLength } from '../../../src/handler/text';

describe('a text that is cut to its length within JSON', () => {
  it.each([
    ['is left as it is where it fits', 'häuser', 7, 'häuser'],
    ['ends with a mark', 'abcdefgh', 6, 'abc…'],
    ['loses a whole character of two bytes', 'aéé', 4, 'a…'],
    ['loses a whole character of three bytes', '漢漢漢', 8, '漢…'],
    ['loses a whole character of four bytes', 'a😀😀', 8, 'a😀…'],
    ['counts a quote as the two bytes that it takes', '""""', 7, '""…'],
    ['counts a control character as the six bytes that it takes', '\u0001\u0001', 9, '\u0001…'],
    ['is the mark where nothing else fits', 'abcdefgh', 3, '…'],
  ])('%s', (_, text, limit, expected) => {
    // WHEN
    const cut = cutToJsonLength(text, limit);

    // THEN
    expect(cut).toBe(expected);
    expect(jsonLength(cut)).toBeLessThanOrEqual(limit);
  });

  it('is measured in UTF-8', () => {
    // THEN
    expect(byteLength('a€😀')).toBe(8);
  });
});
