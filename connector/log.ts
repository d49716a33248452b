import { type Logger, pino } from 'pino';

export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

export type ConnectorLog = Pick<Logger, 'info' | 'warn' | 'error'>;

/** A structured log on standard error; standard output carries only the line that says that the connector serves. */
export function createLog(level: (typeof levels)[number]): ConnectorLog {
  return pino({ name: 'connector', level }, pino.destination(2));
}
