import { readFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import * as library from '../../src';

const ROOT = join(__dirname, '..', '..');
/** What the samples do not repeat. */
const FIXTURE = readFileSync(join(ROOT, 'rosetta', 'imports.ts-fixture'), 'utf8');

/** A guide in `docs/`, or the README beside it. */
export class Guide {
  private readonly text: string;

  constructor(file: string) {
    this.text = readFileSync(join(ROOT, 'docs', file), 'utf8');
  }

  /** Runs the first sample under a heading, without the lines of some properties; what it declares is given. */
  public runSample(heading: string, given: Readonly<Record<string, unknown>>, removed: readonly string[] = []): void {
    const { language, content: whole } = this.blockUnder(heading, 'tsx?(?: fixture=imports)?');
    const content = removed.reduce((text, property) => withoutProperty(property, text), whole);
    const { outputText } = ts.transpileModule(language.endsWith('fixture=imports') ? FIXTURE.replace('/// here', () => content) : content, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    new Function('require', 'exports', ...Object.keys(given), outputText)(
      (name: string) => name === 'cdk-pinpoint-event-stream' ? library : jest.requireActual(name), {}, ...Object.values(given),
    );
  }

  /** The first quotation under a heading, as the one line that it is where it comes from. */
  public quotationUnder(heading: string): string {
    return this.blockUnder(heading, 'text').content.trim().split('\n').join(' ');
  }

  /** The properties that the text under a heading says to remove. */
  public removedUnder(heading: string): string[] {
    const [sentence] = this.sectionUnder(heading).match(/^Remove [^.]*\./m) ?? [''];
    return [...sentence.matchAll(/`(\w+)`/g)].map(([, property]) => property);
  }

  /** The rows of the table under a heading, cell by cell. */
  public tableUnder(heading: string): string[][] {
    const [, , ...rows] = this.sectionUnder(heading).split('\n').filter((line) => line.startsWith('|'));
    return rows.map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim()));
  }

  private sectionUnder(heading: string): string {
    return this.text.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  }

  private blockUnder(heading: string, languages: string): { language: string; content: string } {
    const block = this.sectionUnder(heading).match(new RegExp(`^\`\`\`(${languages})\\n(.*?)^\`\`\`$`, 'ms'));
    if (!block) {
      throw new Error(`there is no ${languages} block under '${heading}'`);
    }
    const [, language, content] = block;
    return { language, content };
  }
}

/** A sample without the line of a property, which it must have. */
function withoutProperty(property: string, sample: string): string {
  const rest = sample.replace(new RegExp(`^ +${property}(:.*)?,\\n`, 'm'), '');
  if (rest === sample) {
    throw new Error(`the sample has no line of ${property}`);
  }
  return rest;
}
