/** Where something is, as far as its ARN names it: the ARN of a role, for one, has an empty region. */
export interface Location {
  readonly region?: string;
  readonly account?: string;
}

/** The location in an ARN; empty where this is none. */
export function locationOf(arn: string): Location {
  const [, region, account] = /^arn:[^:]+:[^:]+:([^:]*):([^:]*):/.exec(arn) ?? [];
  return { region, account };
}
