import { CfnConfigurationSet } from 'aws-cdk-lib/aws-smsvoice';
import '../../examples/typescript/app';

// The emulators do not know this resource, and refuse a template that has it. All else of the example is in it, as is the role for the
// events of the configuration set. The app writes its templates when this has run.
Object.assign(CfnConfigurationSet.prototype, { shouldSynthesize: () => false });
