import { execFileSync } from 'child_process';
import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { builtAssembly, ROOT } from './assembly';

const { name, version, jsii: { targets: { python, java, go, dotnet } } } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const DIST = join(ROOT, 'dist');
const WHEEL = join(DIST, 'python', `${python.distName.replaceAll('-', '_')}-${version}-py3-none-any.whl`);
const JAR = join(DIST, 'java', ...java.maven.groupId.split('.'), java.maven.artifactId, version, `${java.maven.artifactId}-${version}.jar`);
const JAVA_FOLDER = java.package.replaceAll('.', '/');
const GO = join(DIST, 'go', go.packageName);
/** What the C# package is compiled from. */
const DOTNET = join(ROOT, '.cache', 'dotnet', dotnet.packageId);

/** A file of a ZIP archive, as wheels and jars are. */
function unzip(archive: string, path: string): Buffer {
  return execFileSync('python3', ['-c', 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))', archive, path], { maxBuffer: 2 ** 26 });
}

/** The library, which each package has inside. */
const LIBRARIES: Record<string, () => Buffer> = {
  'npm package': () => readFileSync(join(DIST, 'js', `${name}@${version}.jsii.tgz`)),
  'Python wheel': () => unzip(WHEEL, `${python.module}/_jsii/${name}@${version}.jsii.tgz`),
  'jar': () => unzip(JAR, `${JAVA_FOLDER}/${name}@${version}.jsii.tgz`),
  'Go module': () => readFileSync(join(GO, 'jsii', `${name}-${version}.tgz`)),
  'C# project': () => readFileSync(join(DOTNET, `${name}-${version}.tgz`)),
};

/** Whether a package declares a public type. */
const DECLARES: Record<string, (type: string) => boolean> = {
  'Python wheel': (type) => new RegExp(`^class ${type}[(:]`, 'm').test(unzip(WHEEL, `${python.module}/__init__.py`).toString()),
  'jar': (type) => execFileSync('jar', ['--list', '--file', JAR], { encoding: 'utf8' }).split('\n').includes(`${JAVA_FOLDER}/${type}.class`),
  'Go module': (type) => existsSync(join(GO, `${type}.go`)),
  'C# project': (type) => existsSync(join(DOTNET, dotnet.namespace, `${type}.cs`)),
};

test.each(Object.keys(LIBRARIES))('the %s holds the library, its bundled function, its documentation and all licences, and nothing else', (packageName) => {
  // GIVEN: of the function's source, what the constructs share with it
  const modules = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && (!file.startsWith('handler/') || file === 'handler/protocol.ts'))
    .map((file) => file.replace('.ts', ''));

  // WHEN
  const files = execFileSync('tar', ['-tz'], { input: LIBRARIES[packageName](), encoding: 'utf8' }).trim().split('\n');

  // THEN
  expect(files.sort()).toEqual([
    '.jsii',
    '.jsii.tabl.json',
    'API.md',
    'LICENSE',
    'README.md',
    'assets/THIRD-PARTY-LICENSES',
    'assets/handler/index/index.js',
    'package.json',
    ...modules.flatMap((module) => [`lib/${module}.d.ts`, `lib/${module}.js`]),
  ].map((file) => `package/${file}`).sort());
});

test('the npm package names the packages that are bundled, with their licences', () => {
  // GIVEN
  const bundled = JSON.parse(readFileSync(require.resolve('@aws-sdk/client-pinpoint/package.json'), 'utf8')) as { version: string };

  // WHEN
  const licences = execFileSync('tar', ['-xzO', 'package/assets/THIRD-PARTY-LICENSES'], { input: LIBRARIES['npm package'](), encoding: 'utf8' });

  // THEN
  expect(licences).toContain(`@aws-sdk/client-pinpoint ${bundled.version} (Apache-2.0)`);
  expect(licences).toMatch(/^@smithy\/core \S+ \(Apache-2\.0\)$/m);
  expect(licences).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
});

test.each(Object.keys(DECLARES))('the %s has every public type', (packageName) => {
  // WHEN
  const missing = Object.values(builtAssembly().types!).filter((type) => !DECLARES[packageName](type.name));

  // THEN
  expect(missing).toEqual([]);
});

test('the Python wheel shows each sample of the README in Python, as it compiles', () => {
  // GIVEN
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const count = (text: string, language: string) => [...text.matchAll(new RegExp(`^\`\`\`${language}\\b`, 'gm'))].length;

  // WHEN
  const description = unzip(WHEEL, `${python.module}-${version}.dist-info/METADATA`).toString();

  // THEN
  expect(count(readme, 'ts')).toBeGreaterThan(0);
  expect(count(description, 'ts')).toBe(0);
  expect(count(description, 'python')).toBe(count(readme, 'ts') + count(readme, 'python'));
  expect(description).not.toContain('May contain errors');
});

test('the types of the library that the example in C# creates exist in C#', () => {
  // GIVEN: where there is no .NET SDK, it is not compiled
  const example = readFileSync(join(ROOT, 'examples', 'csharp', 'Program.cs'), 'utf8');

  // WHEN: but for those of the CDK's modules, which have a dot
  const created = [...example.matchAll(/new (\w+)\b(?!\.)/g)].map(([, type]) => type).filter((type) => !/^(App|Stack|CfnOutput(Props)?)$/.test(type));

  // THEN
  expect(created).toContain('PinpointEventStreamProps');
  expect(created.filter((type) => !DECLARES['C# project'](type))).toEqual([]);
});
