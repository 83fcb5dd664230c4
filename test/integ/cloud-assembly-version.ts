import { Manifest } from 'aws-cdk-lib/cloud-assembly-schema';

/**
 * Loaded before a case, lets the integ-runner read what aws-cdk-lib writes.
 *
 * integ-runner 2.197.10 refuses cloud assemblies newer than 53. All that 54 adds is an
 * option of integration tests, `allowDeleteFailures`, which no case uses. Compare the
 * schemas again where aws-cdk-lib writes another version, and remove this as soon as
 * there is an integ-runner that reads it.
 *
 * @see https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema/schema
 */
const WRITTEN = '54.0.0';
const READ = '53.0.0';

if (Manifest.version() !== WRITTEN) {
  throw new Error(`aws-cdk-lib writes cloud assemblies of version ${Manifest.version()}, expected ${WRITTEN}: see whether integ-runner can read them`);
}
Manifest.version = () => READ;
