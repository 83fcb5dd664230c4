// Loads a function and lets it fulfil a request, as Lambda does; prints what that took.
//
// usage: node invoke.cjs HANDLER REQUEST [--wait], with --wait for a signal between loading and invoking

const [handler, request, wait] = process.argv.slice(2);

const fulfil = require(handler).handler;
const invoke = async () => {
  const start = process.hrtime.bigint();
  await fulfil(JSON.parse(request), { getRemainingTimeInMillis: () => 240_000 });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  process.stdout.write(`\n${JSON.stringify({ milliseconds, rssBytes: process.resourceUsage().maxRSS * 1_024 })}`, () => process.exit(0));
};

if (wait) {
  process.stdout.write('loaded\n');
  process.stdin.once('data', invoke);
} else {
  invoke();
}
