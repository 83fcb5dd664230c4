import { readFileSync } from 'fs';
import { join } from 'path';
import * as core from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import * as ses from 'aws-cdk-lib/aws-ses';
import * as ts from 'typescript';
import * as library from '../../src';

/** What samples import. */
const MODULES: Readonly<Record<string, unknown>> = {
  'aws-cdk-lib': core,
  'aws-cdk-lib/aws-ec2': ec2,
  'aws-cdk-lib/aws-iam': iam,
  'aws-cdk-lib/aws-kinesis': kinesis,
  'aws-cdk-lib/aws-kinesisfirehose': firehose,
  'aws-cdk-lib/aws-kms': kms,
  'aws-cdk-lib/aws-pinpoint': pinpoint,
  'aws-cdk-lib/aws-ses': ses,
  'cdk-pinpoint-event-stream': library,
};

const DOCS = join(__dirname, '..', '..', 'docs');

/** A guide in `docs/`, or the README beside it. */
export class Guide {
  private readonly text: string;

  constructor(file: string) {
    this.text = readFileSync(join(DOCS, file), 'utf8');
  }

  /** Runs the first sample under a heading; what it declares is given. */
  public runSample(heading: string, given: Readonly<Record<string, unknown>>): void {
    const { outputText } = ts.transpileModule(this.blockUnder(heading, 'tsx?'), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    new Function('require', 'exports', ...Object.keys(given), outputText)((name: string) => MODULES[name], {}, ...Object.values(given));
  }

  /** The first quotation under a heading, as the one line that it is where it comes from. */
  public quotationUnder(heading: string): string {
    return this.blockUnder(heading, 'text').trim().split('\n').join(' ');
  }

  private blockUnder(heading: string, language: string): string {
    const section = this.text.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`));
    const block = section?.match(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms'));
    if (!block) {
      throw new Error(`there is no ${language} block under '${heading}'`);
    }
    return block[1];
  }
}
