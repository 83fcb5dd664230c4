// Runs the packaged function for one event, as Lambda does: one process, a time limit, an uncaught error in the log.
//
// usage: node lambda-runtime.cjs BUNDLE TIMEOUT_MS, with the event as JSON on standard input

const { readFileSync } = require('node:fs');

const [bundle, timeout] = process.argv.slice(2);
const deadline = Date.now() + Number(timeout);

setTimeout(() => {
  console.log(JSON.stringify({ errorType: 'Sandbox.Timedout' }));
  process.exit(124);
}, Number(timeout));

require(bundle).handler(JSON.parse(readFileSync(0, 'utf8')), { getRemainingTimeInMillis: () => deadline - Date.now() }).then(
  () => process.exit(0),
  ({ name, message, stack }) => {
    console.log(JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split('\n') }));
    process.exit(1);
  },
);
