// Loaded before AwsCustomResource's function, which answers over HTTPS at port 443 only: sends its answers where the other functions send theirs.

const http = require('node:http');
const https = require('node:https');

https.request = (options, callback) => http.request({ ...options, port: new URL(process.env.AWS_ENDPOINT_URL_PINPOINT).port }, callback);
