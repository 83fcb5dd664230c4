// Bundles the Lambda function with the SDK inside, minified, without the parts of the SDK that it never reaches.
//
// usage: node tools/bundle-handler.mjs METAFILE

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { build } from 'esbuild';

/**
 * Modules of the SDK that are replaced. Unless something is given instead, whatever the module exports throws when it is
 * called, by which the tests of the packaged function would find out that it is needed after all.
 */
const LEFT_OUT = [
  {
    module: '@aws-sdk/credential-provider-node/dist-es/index.js',
    because: 'Lambda hands credentials to a function in its environment, and the handler reads them there',
  },
  {
    module: '@smithy/core/dist-es/submodules/retry/index.js',
    because: 'each call is sent once, and the handler decides when to try again',
    instead: `
      // Other middleware asks for its place relative to this one.
      export const getRetryPlugin = () => ({
        applyToStack: (stack) => stack.add((next) => next, { name: 'retryMiddleware', step: 'finalizeRequest', priority: 'high' }),
      });
      export const resolveRetryConfig = (config) => config;
      export const RETRY_MODES = {};`,
  },
  {
    module: '@aws-sdk/core/dist-es/submodules/client/middleware-recursion-detection/getRecursionDetectionPlugin.js',
    because: 'Amazon Pinpoint does not invoke the function',
    instead: 'export const getRecursionDetectionPlugin = () => ({ applyToStack() {} });',
  },
  {
    module: '@aws-sdk/core/dist-es/submodules/client/middleware-logger/loggerMiddleware.js',
    because: 'the handler logs what it decides, and gives the SDK no logger',
    instead: 'export const getLoggerPlugin = () => ({ applyToStack() {} });',
  },
  {
    module: '@aws-sdk/core/dist-es/submodules/client/emitWarningIfUnsupportedVersion.js',
    because: 'the library chooses the version of Node.js, and the warning would be for its users',
    instead: 'export const emitWarningIfUnsupportedVersion = () => {};',
  },
  {
    module: '@smithy/core/dist-es/submodules/protocols/json/codec-v2/JsonCodec2.js',
    because: "the SDK's first codec does the same in less code, only slower where there is much to write",
    instead: "export { JsonCodec as JsonCodec2 } from '../codec-v1/JsonCodec';",
  },
  {
    module: '@smithy/core/dist-es/submodules/protocols/json/jsonReplacer.js',
    because: 'no member of the three requests is a number',
  },
  {
    module: '@smithy/core/dist-es/submodules/endpoints/middleware-endpoint/service-customizations/s3.js',
    because: 'this is not Amazon S3',
  },
  {
    module: '@smithy/core/dist-es/submodules/config/shared-ini-file-loader/loadSharedConfigFiles.js',
    because: 'a function has no configuration files',
    instead: 'export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });',
  },
  {
    module: '@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js',
    because: 'a function has no instance metadata',
  },
  {
    module: '@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js',
    because: 'Node.js has SHA-256 built in',
  },
  ...['event-streams/index.js', 'serde/util-stream/sdk-stream-mixin.js'].map((file) => ({
    module: `@smithy/core/dist-es/submodules/${file}`,
    because: 'no answer of the three operations is a stream',
  })),
  {
    module: '@smithy/signature-v4/dist-es/HeaderFormatter.js',
    because: 'no request of the three operations is a stream of signed messages',
    instead: 'export class HeaderFormatter {}',
  },
  ...['date-utils.js', 'schema-serde-lib/schema-date-utils.js'].map((file) => ({
    module: `@smithy/core/dist-es/submodules/serde/${file}`,
    because: 'no member of the three operations is a timestamp: Amazon Pinpoint models its dates as strings',
  })),
];

const PLACE = /^.*node_modules\/(?=(@[^/]+\/)?[^/]+\/)/;

/** Replaces what is left out, and fails where the SDK has no such module any more. */
const leaveOut = {
  name: 'leave-out',
  setup({ onLoad, onEnd }) {
    const unmatched = new Set(LEFT_OUT.map(({ module }) => module));
    onLoad({ filter: /node_modules.*\.js$/ }, ({ path }) => {
      const module = path.replaceAll('\\', '/').replace(PLACE, '');
      const entry = LEFT_OUT.find((candidate) => candidate.module === module);
      unmatched.delete(module);
      return entry && { contents: replacement(module, readFileSync(path, 'utf8'), entry.instead), resolveDir: dirname(path) };
    });
    onEnd(() => ({
      errors: [...unmatched].map((module) => ({
        text: `${module} is to be left out of the bundle, but nothing imports it: see what has taken its place in this version of the SDK, and change LEFT_OUT`,
      })),
    }));
  },
};

/** A module with the same exports: what is given instead of them, the others throw. */
function replacement(module, source, instead = '') {
  const given = exportsOf(instead);
  const others = exportsOf(source).filter((name) => !given.includes(name));
  const message = JSON.stringify(`${module} is left out of this bundle`);
  return `${instead}\nfunction leftOut() { throw new Error(${message}); }\nexport { ${others.map((name) => `leftOut as ${name}`).join(', ')} };`;
}

function exportsOf(source) {
  const declared = [...source.matchAll(/^\s*export (?:async )?(?:const|let|var|function|class) (\w+)/gm)].map(([, name]) => name);
  const listed = [...source.matchAll(/^\s*export \{([^}]*)\}/gm)].flatMap(([, list]) => list.split(',')).map((item) => item.trim().replace(/^.* as /, ''));
  return [...new Set([...declared, ...listed.filter(Boolean)])];
}

/** The SDK describes its operations with keys such as [_h], which esbuild keeps for fear of side effects, and with them all operations. */
const literalKeys = {
  name: 'literal-keys',
  setup({ onLoad }) {
    onLoad({ filter: /client-pinpoint[\\/]dist-es[\\/]schemas[\\/]\w+\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const constants = new Map([...source.matchAll(/^const (\w+) = ("[^"]*");$/gm)].map(([, name, value]) => [name, value]));
      return { contents: source.replace(/\[(\w+)\]:/g, (key, name) => (constants.has(name) ? `${constants.get(name)}:` : key)) };
    });
  },
};

/** The SDK imports its package.json as a whole, to name its version. */
const versionOnly = {
  name: 'version-only',
  setup({ onLoad }) {
    onLoad({ filter: /client-pinpoint[\\/]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

const [metafilePath] = process.argv.slice(2);
const { metafile } = await build({
  entryPoints: ['src/provider/handler/index.ts'],
  outfile: 'assets/provider/handler/index.js',
  bundle: true,
  minify: true,
  platform: 'node',
  // The oldest Node.js that Lambda may run it on.
  target: 'node20',
  // ES modules, of which esbuild leaves out what is not used.
  mainFields: ['module', 'main'],
  metafile: true,
  logLevel: 'info',
  plugins: [leaveOut, literalKeys, versionOnly],
});
mkdirSync(dirname(metafilePath), { recursive: true });
writeFileSync(metafilePath, JSON.stringify(metafile));
