/** Where something is, as far as its ARN says: the ARN of a role, for example, has an empty region. */
export interface Location {
  readonly region?: string;
  readonly account?: string;
}

/** The location in an ARN. Empty if the text is not an ARN. */
export function locationOf(arn: string): Location {
  const [, region, account] = /^arn:[^:]+:[^:]+:([^:]*):([^:]*):/.exec(arn) ?? [];
  return { region, account };
}
