import { App, Stack } from 'aws-cdk-lib';
import { createDestination } from './ways/common';
import { loadWay, WayName } from './ways/way';

// usage: node app.js WAY COUNT, for an app of one stack that has so many event streams.

const [name, count] = process.argv.slice(2);
const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Bench');
loadWay(name as WayName)(stack, Array.from({ length: Number(count) }, (_, index) => ({
  id: `Events${index}`,
  applicationId: index.toString(16).padStart(32, '0'),
  destination: createDestination(stack, `Stream${index}`),
})));
app.synth();
