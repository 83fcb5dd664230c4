/**
 * Writes one line of JSON to the log group.
 *
 * Straight to standard output, since Lambda's `console` would put a prefix
 * before the line, or wrap it in JSON of its own.
 */
export function log(level: 'INFO' | 'WARN' | 'ERROR', message: string, details: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ level, message, ...details })}\n`);
}
