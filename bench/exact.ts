import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { deflateRawSync } from 'zlib';
import { App } from 'aws-cdk-lib';
import { addStack, load, SubjectName } from './subjects';

/** What a stack and its assets amount to: the same at each run. */
export interface Size {
  readonly resources: number;
  /** Of the template, without white space. */
  readonly templateBytes: number;
  /** Of the files that are uploaded beside the template. */
  readonly assetBytes: number;
}

/** The files that a stack uploads beside its template, and what it creates. */
export function sizeOf(name: SubjectName, eventStreams: number): Size {
  return synthesize(name, eventStreams, (template, files) => ({
    resources: Object.keys(template.Resources).length,
    templateBytes: Buffer.byteLength(JSON.stringify(template)),
    assetBytes: sum(files.map(({ length }) => length)),
  }));
}

/** The bytes of these files in a ZIP archive, its headers apart. They differ a little from one version of Node.js to another. */
export function zippedAssetBytes(name: SubjectName): number {
  return synthesize(name, 1, (_, files) => sum(files.map((file) => deflateRawSync(file, { level: 9 }).length)));
}

function synthesize<T>(name: SubjectName, eventStreams: number, measure: (template: { Resources: object }, files: Buffer[]) => T): T {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const app = new App({ outdir, analyticsReporting: false });
    const { artifactId } = addStack(app, 'Bench', load(name), eventStreams);
    const { template } = app.synth().getStackArtifact(artifactId);
    const files = readdirSync(outdir).filter((file) => file.startsWith('asset.')).flatMap((file) => filesOf(join(outdir, file)));
    return measure(template, files.map((file) => readFileSync(file)));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function filesOf(path: string): string[] {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesOf(join(path, name))) : [path];
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
