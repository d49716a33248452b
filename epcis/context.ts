import type { EpcisEvent } from './event.ts';
import { type Fault, pointerOf } from './fault.ts';
import { isEpcisContext, namespacesOf } from './namespaces.ts';

/** Names that mean something in EPCIS: a context that gives them another meaning is refused. */
const reserved =
  /^(?:@.*|id|type|action|[a-z]+(?:List|EPCs|ID|Time|Offset|Info|Declaration)|bizStep|disposition|ilmd)$/;

/**
 * What is wrong with a JSON-LD context. Known are the published one, under its addresses, and declarations of prefixes
 * for extensions; no other is fetched, so that a document means the same to everybody at all times.
 */
export function contextFaults(context: unknown, path: readonly PropertyKey[]): Fault[] {
  const faults: Fault[] = [];
  const add = (at: readonly PropertyKey[], message: string) => faults.push({ pointer: pointerOf(at), message });
  const look = (each: unknown, at: readonly PropertyKey[]) => {
    if (typeof each === 'string') {
      if (!isEpcisContext(each)) add(at, 'Only the published context of EPCIS is known; others are not fetched.');
      return;
    }
    if (typeof each !== 'object' || each === null) return add(at, 'A context is an address or an object.');
    for (const [name, value] of Object.entries(each)) {
      if (reserved.test(name)) add([...at, name], `${name} keeps the meaning that EPCIS gives to it.`);
      // A term with a prefix may be given a type, which changes nothing here.
      else if (name.includes(':')) continue;
      else if (typeof value !== 'string' || !/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(value)) {
        add([...at, name], 'A prefix stands for the address of a namespace.');
      }
    }
  };
  if (Array.isArray(context)) context.forEach((each, index) => void look(each, [...path, index]));
  else if (context !== undefined) look(context, path);
  return faults;
}

/** Extensions of an event whose prefix nobody has declared. */
export function prefixFaults(event: EpcisEvent, context: unknown): Fault[] {
  const namespaces = namespacesOf(context, event['@context']);
  const faults: Fault[] = [];
  const look = (value: unknown, path: readonly PropertyKey[]) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (path.length === 0 && name === '@context') continue;
      const prefix = Array.isArray(value) ? undefined : /^([A-Za-z][A-Za-z0-9._-]*):(?!\/\/)/.exec(name)?.[1];
      if (prefix !== undefined && prefix !== 'urn' && !namespaces.has(prefix)) {
        faults.push({
          pointer: pointerOf([...path, name]),
          message: `Nobody has declared what ${prefix}: stands for.`,
        });
      }
      look(inner, [...path, name]);
    }
  };
  look(event, []);
  return faults;
}
