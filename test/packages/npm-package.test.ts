import { execFileSync } from 'child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const ROOT = join(__dirname, '..', '..');

/** The tarball that `projen package:js` made. */
function tarball(): string {
  const directory = join(ROOT, 'dist', 'js');
  const [name] = readdirSync(directory);
  return join(directory, name);
}

test('the npm package holds the library, its bundled handler and its documentation with all translations, and nothing else', () => {
  const listed = execFileSync('tar', ['-tzf', tarball()], { encoding: 'utf8' }).trim().split('\n')
    .map((path) => path.replace(/^package\//, ''))
    .sort();

  expect(listed).toEqual([
    '.jsii',
    '.jsii.tabl.json',
    'API.md',
    'LICENSE',
    'README.md',
    'assets/THIRD-PARTY-LICENSES',
    'assets/provider/handler/index.js',
    ...[
      'destinations/cloudwatch-logs-destination',
      'destinations/firehose-destination',
      'destinations/kinesis-stream-destination',
      'destinations/single-use',
      'destinations/sns-topic-destination',
      'event-stream-destination',
      'index',
      'permitted-role',
      'pinpoint-event-stream',
      'provider/custom-resource',
      'provider/pinpoint-event-stream-provider',
      'provider/policies',
      'reference-identity',
      'sms-voice-event-destination',
      'sms-voice-event-stream',
      'sms-voice-event-type',
      'validation',
    ].flatMap((module) => [`lib/${module}.d.ts`, `lib/${module}.js`]),
    'package.json',
  ].sort());
});

test('the npm package holds the licences of the packages that are in its bundled handler', () => {
  // GIVEN
  const { version } = JSON.parse(readFileSync(require.resolve('@aws-sdk/client-pinpoint/package.json'), 'utf8')) as { version: string };

  // WHEN
  const licences = execFileSync('tar', ['-xzOf', tarball(), 'package/assets/THIRD-PARTY-LICENSES'], { encoding: 'utf8' });

  // THEN
  expect(licences).toContain(`@aws-sdk/client-pinpoint ${version} (Apache-2.0)`);
  expect(licences).toMatch(/@smithy\/core \S+ \(Apache-2\.0\)/);
  expect(licences).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
});

test('a stack synthesises from the npm package alone, next to its peers', () => {
  // GIVEN
  const app = mkdtempSync(join(tmpdir(), 'npm-package-'));
  try {
    execFileSync('tar', ['-xzf', tarball(), '-C', app]);

    // WHEN
    const template = execFileSync(process.execPath, ['-e', `
      const { App, Stack } = require('aws-cdk-lib');
      const { PinpointEventStream } = require('${join(app, 'package')}');
      const stack = new Stack(new App({ outdir: '${join(app, 'cdk.out')}' }), 'Stack');
      new PinpointEventStream(stack, 'Events', { applicationId: '${'0'.repeat(32)}' });
      console.log(JSON.stringify(stack.node.root.synth().getStackByName('Stack').template));
    `], { encoding: 'utf8', env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules'), CDK_VALIDATION: 'false' } });

    // THEN
    const types = Object.values<{ Type: string }>(JSON.parse(template).Resources).map(({ Type }) => Type);
    expect(types).toContain('Custom::PinpointEventStream');
    expect(types).toContain('AWS::Lambda::Function');
  } finally {
    rmSync(app, { recursive: true });
  }
});
