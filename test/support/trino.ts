import { ChildProcessWithoutNullStreams, execFileSync, spawn } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { createInterface } from 'readline';
import { Template } from 'aws-cdk-lib/assertions';
import { S3Object } from './delivered-objects';

const ROOT = join(__dirname, '..', '..');
const PROJECT = join(ROOT, 'test', 'packages', 'trino');

/** What a statement gives. Cells are text as Athena prints it, and null for NULL. */
export interface Result {
  readonly columns: string[];
  readonly rows: (string | null)[][];
}

/**
 * Trino, which Athena's engine is made of, over the tables of a template and over objects in files. The tables are as the template
 * defines them: columns, SerDe and its parameters, partition keys and their projection.
 */
export class Trino {
  /**
   * Starts it, in ten seconds or so, and in minutes where what it consists of must be downloaded first.
   *
   * @param today the day that `NOW` is in the projection of partitions
   */
  public static async start(template: Template, today: string): Promise<Trino> {
    const folder = mkdtempSync(join(tmpdir(), 'trino-'));
    const metastore = join(folder, 'metastore');
    const trino = new Trino(join(folder, 's3'), folder, spawn('java', ['-cp', classpath(folder), join(PROJECT, 'LocalTrino.java'), metastore]));
    const tables = Object.values(template.findResources('AWS::Glue::Table'));
    try {
      await trino.send(tables.map(({ Properties }) => trino.tableOf(Properties.TableInput, today)));
      return trino;
    } catch (error) {
      await trino.stop();
      throw error;
    }
  }

  private readonly answers: AsyncIterator<string>;
  private readonly ended: Promise<unknown>;
  private log = '';

  private constructor(private readonly buckets: string, private readonly folder: string, private readonly process: ChildProcessWithoutNullStreams) {
    this.answers = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) => process.once('exit', resolve));
    process.stderr.on('data', (data) => this.log += data);
    // What is written to a process that has ended is lost; its answer says why it ended.
    process.stdin.on('error', () => {});
  }

  /** Runs a statement over these objects, and no others. */
  public async query(objects: readonly S3Object[], statement: string): Promise<Result> {
    rmSync(this.buckets, { recursive: true, force: true });
    for (const { bucket, key, body } of objects) {
      const file = join(this.buckets, bucket, key);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, body);
    }
    const { error, ...result } = await this.send(statement);
    if (error) {
      throw new Error(`${error}\nin the statement:\n${statement}`);
    }
    return result;
  }

  public async stop(): Promise<void> {
    this.process.stdin.end();
    await this.ended;
    rmSync(this.folder, { recursive: true });
  }

  private async send(value: unknown): Promise<Result & { readonly error?: string }> {
    this.process.stdin.write(`${JSON.stringify(value)}\n`);
    const { value: answer, done } = await this.answers.next();
    if (done) {
      throw new Error(`Trino, which needs a JDK 17, has ended: ${this.log}`);
    }
    return JSON.parse(answer);
  }

  /** A table as its template defines it, over files in place of S3. The bucket is known by its logical ID. */
  private tableOf(definition: unknown, today: string): unknown {
    return JSON.parse(JSON.stringify(definition), (key, value) => {
      switch (key) {
        case 'Location':
          return value['Fn::Join'][1].map((part: string | { Ref: string }) => typeof part === 'string' ? part : part.Ref).join('')
            .replace('s3://', `file://${this.buckets}/`);
        case 'projection.day.range':
          return value.replace('NOW', today);
        default:
          return value;
      }
    });
  }
}

/** What Trino consists of; downloads what is missing. */
function classpath(folder: string): string {
  const file = join(folder, 'classpath');
  execFileSync('mvn', [
    '--quiet', '--batch-mode', `-Dmaven.repo.local=${join(ROOT, '.cache', 'maven')}`, '--file', join(PROJECT, 'pom.xml'),
    'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath', `-Dmdep.outputFile=${file}`,
  ]);
  return readFileSync(file, 'utf8');
}
