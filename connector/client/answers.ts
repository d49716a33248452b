import { z } from 'zod';
import { systems } from '#fhir/coding.ts';
import type { FhirClient, Reply } from './client.ts';

/** Reading what the interface answers. */

const value = z.looseObject({ valueString: z.string().optional() });
export const answered = z.looseObject({
  id: z.string(),
  status: z.string(),
  meta: z.looseObject({ versionId: z.string() }),
  extension: z.array(z.looseObject({ url: z.string(), valueString: z.string().optional() })).default([]),
  input: z.array(value).default([]),
  output: z.array(value).default([]),
});
export type Answered = z.infer<typeof answered>;

const found = z.looseObject({ entry: z.array(z.looseObject({ resource: answered })).default([]) });

/** Throws what the interface refused. */
export function expectAnswer({ status, body }: Reply, wanted: readonly number[] = [200]): unknown {
  if (wanted.includes(status)) return body;
  throw new Error(`answered ${status}: ${JSON.stringify(body).slice(0, 2000)}`);
}

export const readAnswer = (reply: Reply, wanted?: readonly number[]): Answered =>
  answered.parse(expectAnswer(reply, wanted));

/** The access code in the answer to an issue. */
export const accessCodeOf = ({ extension }: Answered): string =>
  extension.find(({ url }) => url === systems.accessCode)?.valueString ?? '';

export const read = async (who: FhirClient, type: string, id: string): Promise<Answered> =>
  readAnswer(await who.request('GET', `${type}/${id}`));

/** Sends a change for the version that is there now. */
export async function change(who: FhirClient, type: string, body: { id: string }): Promise<Answered> {
  const { meta } = await read(who, type, body.id);
  const version = { 'if-match': `W/"${meta.versionId}"` };
  return readAnswer(await who.request('PUT', `${type}/${body.id}`, body, version));
}

/** What a search finds under a number; throws where it does not find it. */
export async function findOne(who: FhirClient, query: string, id: string): Promise<Answered> {
  const { entry } = found.parse(expectAnswer(await who.request('GET', query)));
  const one = entry.find(({ resource }) => resource.id === id);
  if (!one) throw new Error(`${query} does not find ${id}`);
  return one.resource;
}
