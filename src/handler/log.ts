/**
 * Writes one line of JSON to the log group.
 *
 * It writes straight to standard output, because Lambda's `console` would put a prefix
 * before the line, or wrap the line in other JSON.
 */
export function log(level: 'INFO' | 'WARN' | 'ERROR', message: string, details: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ level, message, ...details })}\n`);
}
