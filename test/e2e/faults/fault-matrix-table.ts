import { Cell, Duration, Outcome } from './fault-matrix';

/** What a run of the fault matrix found in one cell. */
export interface Finding {
  readonly cell: Cell;
  readonly outcome: Outcome;
}

const header = (cells: number) => `# The fault matrix

<!-- Made by \`UPDATE_DOCS=true npm run test:faults\`; that test fails where this is not what it finds. -->

The function, as it is in the package, fulfils requests of a contract driver that follows AWS's documentation of CloudFormation. Its calls go
through [microburst](https://pypi.org/project/microburst/), which injects faults, to [moto](https://pypi.org/project/moto/), which stands for
Amazon Pinpoint. Its answers go to a server that refuses whatever CloudFormation's documentation does. Each row is a fault that strikes
one call, once or each time. The answer, and what Pinpoint holds after it, were observed.

In each of the ${cells} cells: the fault struck, by the count of what injects it; one answer was sent, before the function's timeout; a failure
names the application, the call and what to check; no log line held the URL of the answer, a credential or a token. CloudFormation's next
request (the Delete after a failed Create, the rollback of a failed Update) or the next attempt of a failed Delete succeeded once the fault was
gone. After a Create, Pinpoint then held what was there before; after an Update, the former event stream, also in place of another's; after a
change of application, what was there on each; after a Delete, nothing of ours.

- *no answer*: none for longer than the function waits, or one that takes longer than that to arrive
- *reset*: the connection is reset; *truncated*, *corrupted*: half of the body, or a body with wrong bytes, arrives with a status of 200
- *no DNS*: the system's resolver does not know the endpoint's name, from this call on; a Delete takes that for the end of the API after 30 s
- *no effect*, *after its effect*: whether the call had done its work when it failed; with a status below 500, Pinpoint says that it had not
- 404 on Get is how Pinpoint says that there is no event stream. The function has to believe that, also where it is injected
- a Delete under a made-up ID is that of a Create that CloudFormation gave up; it looks again until that Create cannot act any more
- the physical ID of a failed Create tells the Delete that follows whether it has something to look for: *never created*, or the application
`;

/** The findings as Markdown, with the faults of the same outcome in one row. */
export function renderMatrix(findings: readonly Finding[]): string {
  const scenarios = [...new Set(findings.map(({ cell: { scenario } }) => scenario))];
  return `${header(findings.length)}${scenarios.map((scenario) => {
    const rows = rowsOf(findings.filter(({ cell }) => cell.scenario === scenario));
    return `
## ${scenario.name}

| call | fault | once | each time |
|---|---|---|---|
${rows.map((row) => `| ${row.join(' | ')} |\n`).join('')}`;
  }).join('')}`;
}

function rowsOf(findings: readonly Finding[]): string[][] {
  const rows = new Map<string, { readonly place: string; readonly kinds: string[]; readonly once: string; readonly always: string }>();
  const describeCell = (place: string, kind: string, duration: Duration) => describeOutcome(findings
    .find(({ cell }) => cell.place === place && cell.kind.name === kind && cell.duration === duration)!.outcome);
  for (const { cell: { place, kind, duration } } of findings) {
    if (duration === 'once') {
      const [once, always] = [describeCell(place, kind.name, 'once'), describeCell(place, kind.name, 'always')];
      const key = [place, once, always].join();
      rows.set(key, rows.get(key) ?? { place, kinds: [], once, always });
      rows.get(key)!.kinds.push(kind.name);
    }
  }
  return [...rows.values()].map(({ place, kinds, once, always }) => [place, kinds.join(', '), once, always]);
}

function describeOutcome({ status, pinpoint, physicalId, advice }: Outcome): string {
  const id = physicalId === 'never created' ? '; never created' : '';
  return `${status}, ${pinpoint}${advice ? `; check ${advice}` : ''}${id}`;
}
