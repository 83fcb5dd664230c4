/** What the code under test writes to standard output, from now until jest restores its mocks. */
export class CapturedLog {
  public text = '';

  constructor() {
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      this.text += String(chunk);
      return true;
    });
  }

  /** Each line, which must be JSON. */
  public get lines(): Record<string, unknown>[] {
    return this.text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  public messages(): unknown[] {
    return this.lines.map(({ message }) => message);
  }
}
