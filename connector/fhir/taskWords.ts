import { systems } from '#fhir/coding.ts';
import type { Task } from '#fhir/r4/task.ts';

/** What a Task says in Medloom's own codes. */

/** What Tasks are (`prescription`, `renewal`) and ask for: the first five of the one, by a create or an update. */
export const taskCodes = [
  ...(['prescription', 'accept', 'offer-transfer', 'accept-transfer', 'withdraw-transfer', 'refuse-cancel'] as const),
  'renewal',
] as const;
export type TaskCode = (typeof taskCodes)[number];

export const taskCodeOf = ({ code }: Pick<Task, 'code'>): TaskCode | undefined => {
  const own = code?.coding?.find(({ system }) => system === systems.task)?.code;
  return taskCodes.find((one) => one === own);
};

export const concept = (system: string, code: string) => ({ coding: [{ system, code }] });
export const inputType = (code: string) => concept(systems.taskInput, code);

type Value = NonNullable<Task['input']>[number];

/** The input of a type; undefined where there is none. */
export const inputOf = ({ input }: Pick<Task, 'input'>, type: string): Value | undefined =>
  input?.find((one) => one.type.coding?.some(({ system, code }) => system === systems.taskInput && code === type));
