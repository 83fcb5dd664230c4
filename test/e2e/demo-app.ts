import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import '../../examples/typescript/app';

/** The example, without the resource that the emulators do not know. Its role, its policy and all else of it are deployed. */
const NOT_EMULATED = 'AWS::SMSVOICE::ConfigurationSet';

// The app writes its templates when nothing else is left to do.
process.once('exit', () => {
  const template = join(process.env.CDK_OUTDIR!, 'Events.template.json');
  const known = JSON.parse(readFileSync(template, 'utf8'), (_, value) => value?.Type === NOT_EMULATED ? undefined : value);
  writeFileSync(template, JSON.stringify(known));
});
