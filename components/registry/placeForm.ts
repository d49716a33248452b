import { type SiteRegistration, siteRegistration } from '#chaincode/model/product.ts';
import type { Point } from '#components/trace/mapOf.ts';
import type { CodeFault } from '#components/ui/CodeField.tsx';
import { readKey } from '#gs1/checkDigit.ts';
import { Gs1Error } from '#gs1/error.ts';
import { t } from '#messages/en.ts';

const text = t.registry.places;

/** A place as it is typed. */
export interface PlaceForm {
  gln: string;
  name: string;
  /** Decimal degrees, with a point or a comma. */
  latitude: string;
  longitude: string;
}

export interface PlaceFaults {
  gln?: CodeFault;
  name?: string;
  latitude?: string;
  longitude?: string;
}

/** A GLN without the spaces that people write into it. */
export const digitsOf = (typed: string) => typed.replaceAll(/\s/g, '');
const degreesOf = (typed: string) => typed.trim().replace(',', '.').replace(/^\+/, '');

/** What keeps a place from being registered, field by field; the GLN at its character. */
export function faultsOf(form: PlaceForm): PlaceFaults {
  const { name, latitude, longitude } = siteRegistration.shape;
  const gln = glnFault(digitsOf(form.gln));
  return {
    ...(gln && { gln }),
    ...(!name.safeParse(form.name.trim()).success && { name: text.nameWrong }),
    ...(!latitude.safeParse(degreesOf(form.latitude)).success && { latitude: text.latitudeWrong }),
    ...(!longitude.safeParse(degreesOf(form.longitude)).success && { longitude: text.longitudeWrong }),
  };
}

function glnFault(gln: string): CodeFault | undefined {
  try {
    readKey(gln, 13, text.aGln);
    return undefined;
  } catch (error) {
    if (!(error instanceof Gs1Error)) throw error;
    return { message: error.message, position: error.position };
  }
}

/** What is signed. */
export const placeOf = ({ gln, name, latitude, longitude }: PlaceForm, institutionId: string): SiteRegistration => ({
  ...{ gln: digitsOf(gln), institutionId, name: name.trim() },
  ...{ latitude: degreesOf(latitude), longitude: degreesOf(longitude) },
});

/** Where the form's coordinates lie; undefined while they are none. */
export function coordinatesOf({ latitude, longitude }: PlaceForm): Point | undefined {
  const faults = faultsOf({ gln: '', name: '', latitude, longitude });
  if (faults.latitude !== undefined || faults.longitude !== undefined) return undefined;
  return { latitude: Number(degreesOf(latitude)), longitude: Number(degreesOf(longitude)) };
}

/** Degrees as the form has them: four decimals are some metres. */
export const degreesText = (degrees: number): string => String(Number(degrees.toFixed(4)) + 0);
