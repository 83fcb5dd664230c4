import { App } from 'aws-cdk-lib';
import { addStack, load, SubjectName } from './subjects';

// The CDK app of one run: a way, and how many event streams each stack has.

const [name, ...eventStreams] = process.argv.slice(2);
const app = new App({ analyticsReporting: false });
eventStreams.forEach((count, index) => addStack(app, `Bench${index}`, load(name as SubjectName), Number(count)));
app.synth();
