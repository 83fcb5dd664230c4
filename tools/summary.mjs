// Prints how many tests passed and failed, as their runners counted them in test-reports/jest/*.json.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPORTS = join(dirname(dirname(fileURLToPath(import.meta.url))), 'test-reports', 'jest');

const reports = readdirSync(REPORTS).filter((name) => name.endsWith('.json')).map((name) => JSON.parse(readFileSync(join(REPORTS, name), 'utf8')));
const sum = (count) => reports.reduce((total, report) => total + report[count], 0);
// A suite that cannot run counts no tests, and has failed all the same.
console.log(`${sum('numPassedTests')} passed, ${sum('numFailedTests') + sum('numRuntimeErrorTestSuites')} failed`);
