// Loads a function and lets it answer a request, as Lambda does.
//
// usage: node invoke.cjs HANDLER REQUEST

const [handler, request] = process.argv.slice(2);
const { handler: invoke } = require(handler);

// AwsCustomResource answers over HTTPS and to port 443 only; here it answers where the others do.
const http = require('node:http');
const https = require('node:https');
https.request = (options, callback) => http.request({ ...options, port: new URL(process.env.AWS_ENDPOINT_URL_PINPOINT).port }, callback);

invoke(JSON.parse(request), { getRemainingTimeInMillis: () => 240_000 }).then(() => process.exit(0));
