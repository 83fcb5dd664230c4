// Loaded before the function: from the DNS_OUTAGE_FROM-th look-up of the endpoint's name on, DNS_OUTAGE_TIMES look-ups are
// sent to the system's resolver with a name that cannot exist, so that its own error comes back.

const dns = require('node:dns');
const http = require('node:http');

const from = Number(process.env.DNS_OUTAGE_FROM);
const until = from + Number(process.env.DNS_OUTAGE_TIMES);
const { hostname: endpoint } = new URL(process.env.AWS_ENDPOINT_URL_PINPOINT);

// A connection that is kept needs no look-up.
http.Agent.prototype.keepSocketAlive = () => false;

const { lookup } = dns;
let lookups = 0;
dns.lookup = (hostname, ...rest) => {
  const fails = hostname === endpoint && lookups >= from && lookups < until;
  lookups += hostname === endpoint ? 1 : 0;
  return lookup(fails ? `${hostname}..` : hostname, ...rest);
};
