/**
 * Terms of the Core Business Vocabulary 2.0 (section 7), as JSON writes them: bare. Anybody's own terms are URIs.
 */
export const bizSteps = [
  'accepting',
  'arriving',
  'assembling',
  'collecting',
  'commissioning',
  'consigning',
  'creating_class_instance',
  'cycle_counting',
  'decommissioning',
  'departing',
  'destroying',
  'disassembling',
  'dispensing',
  'encoding',
  'entering_exiting',
  'holding',
  'inspecting',
  'installing',
  'killing',
  'loading',
  'other',
  'packing',
  'picking',
  'receiving',
  'removing',
  'repackaging',
  'repairing',
  'replacing',
  'reserving',
  'retail_selling',
  'sampling',
  'sensor_reporting',
  'shipping',
  'staging_outbound',
  'stock_taking',
  'stocking',
  'storing',
  'transporting',
  'unloading',
  'unpacking',
  'void_shipping',
] as const;

export const dispositions = [
  'active',
  'available',
  'completeness_inferred',
  'completeness_verified',
  'conformant',
  'container_closed',
  'container_open',
  'damaged',
  'destroyed',
  'dispensed',
  'disposed',
  'encoded',
  'expired',
  'in_progress',
  'in_transit',
  'inactive',
  'mismatch_class',
  'mismatch_instance',
  'mismatch_quantity',
  'needs_replacement',
  'no_pedigree_match',
  'non_conformant',
  'non_sellable_other',
  'partially_dispensed',
  'recalled',
  'reserved',
  'retail_sold',
  'returned',
  'sellable_accessible',
  'sellable_not_accessible',
  'stolen',
  'unavailable',
  'unknown',
] as const;

export const bizTransactionTypes = [
  'bol',
  'cert',
  'desadv',
  'inv',
  'pedigree',
  'po',
  'poc',
  'prodorder',
  'recadv',
  'rma',
  'testprd',
  'testres',
  'upevt',
] as const;

export const sourceDestinationTypes = ['owning_party', 'possessing_party', 'location'] as const;
export const errorReasons = ['did_not_occur', 'incorrect_data'] as const;
export const components = [
  'altitude',
  'axial_distance',
  'azimuth',
  'easting',
  'elevation_angle',
  'height',
  'latitude',
  'longitude',
  'northing',
  'polar_angle',
  'spherical_radius',
  'x',
  'y',
  'z',
] as const;
export const sensorAlertTypes = ['ALARM_CONDITION', 'ERROR_CONDITION'] as const;

/** Types of measurement (GS1 Web Vocabulary, `gs1:MeasurementType`). */
export const measurementTypes = [
  'AbsoluteHumidity',
  'AbsorbedDose',
  'AbsorbedDoseRate',
  'Acceleration',
  'Altitude',
  'AmountOfSubstance',
  'AmountOfSubstancePerUnitVolume',
  'Angle',
  'AngularAcceleration',
  'AngularMomentum',
  'AngularVelocity',
  'Area',
  'Capacitance',
  'Conductance',
  'Conductivity',
  'Count',
  'Density',
  'Dimensionless',
  'DoseEquivalent',
  'DoseEquivalentRate',
  'DynamicViscosity',
  'ElectricCharge',
  'ElectricCurrent',
  'ElectricCurrentDensity',
  'ElectricFieldStrength',
  'Energy',
  'Exposure',
  'Force',
  'Frequency',
  'Illuminance',
  'Inductance',
  'Irradiance',
  'KinematicViscosity',
  'Length',
  'LinearMomentum',
  'Luminance',
  'LuminousFlux',
  'LuminousIntensity',
  'MagneticFlux',
  'MagneticFluxDensity',
  'MagneticVectorPotential',
  'Mass',
  'MassConcentration',
  'MassFlowRate',
  'MassPerAreaTime',
  'MemoryCapacity',
  'MolalityOfSolute',
  'MolarEnergy',
  'MolarMass',
  'MolarVolume',
  'Power',
  'Pressure',
  'RadiantFlux',
  'RadiantIntensity',
  'Radioactivity',
  'RelativeHumidity',
  'Resistance',
  'Resistivity',
  'SolidAngle',
  'SpecificVolume',
  'Speed',
  'SurfaceDensity',
  'SurfaceTension',
  'Temperature',
  'Time',
  'Torque',
  'Voltage',
  'Volume',
  'VolumeFlowRate',
  'VolumeFraction',
  'VolumetricFlux',
  'Wavenumber',
] as const;

export type BizStep = (typeof bizSteps)[number];
export type Disposition = (typeof dispositions)[number];

/** Where terms stand, and what their URI begins with: in the vocabulary, in older URNs. */
const vocabularies = {
  bizStep: { terms: bizSteps, prefix: 'cbv:BizStep-', urn: 'bizstep' },
  disposition: { terms: dispositions, prefix: 'cbv:Disp-', urn: 'disp' },
  bizTransactionType: { terms: bizTransactionTypes, prefix: 'cbv:BTT-', urn: 'btt' },
  sourceDestinationType: { terms: sourceDestinationTypes, prefix: 'cbv:SDT-', urn: 'sdt' },
  errorReason: { terms: errorReasons, prefix: 'cbv:ER-', urn: 'er' },
  component: { terms: components, prefix: 'cbv:Comp-', urn: 'comp' },
  measurementType: { terms: measurementTypes, prefix: 'gs1:', urn: undefined },
  sensorAlertType: { terms: sensorAlertTypes, prefix: 'gs1:', urn: undefined },
} as const;

export type Vocabulary = keyof typeof vocabularies;

/** Where terms stand bare: the member, and before it the name of the object or list that has it, unless that is the event. */
const places: Readonly<Record<string, Vocabulary>> = {
  bizStep: 'bizStep',
  disposition: 'disposition',
  'persistentDisposition/set': 'disposition',
  'persistentDisposition/unset': 'disposition',
  'bizTransactionList/type': 'bizTransactionType',
  'sourceList/type': 'sourceDestinationType',
  'destinationList/type': 'sourceDestinationType',
  'errorDeclaration/reason': 'errorReason',
  'sensorReport/type': 'measurementType',
  'sensorReport/exception': 'sensorAlertType',
  'sensorReport/component': 'component',
};

/** The vocabulary whose terms a member takes; `parent` is empty for a member of the event itself. */
export function vocabularyAt(parent: string, name: string): Vocabulary | undefined {
  return places[parent === '' ? name : `${parent}/${name}`];
}

const cbv = 'https://ref.gs1.org/cbv/';
const voc = 'https://gs1.org/voc/';
const expand = (curie: string): string => curie.replace(/^cbv:/, cbv).replace(/^gs1:/, voc);

/**
 * The bare term of a value that is written as one, as a compact or full URI of the vocabulary, or as URN of its first
 * edition; undefined for anybody else's URI and for what is no term.
 */
export function termOf(vocabulary: Vocabulary, value: string): string | undefined {
  const { terms, prefix, urn } = vocabularies[vocabulary];
  const full = value
    .replace(/^https?:\/\/ns\.gs1\.org\/cbv\//, cbv)
    .replace(/^https?:\/\/(www\.)?gs1\.org\/voc\//, voc);
  const starts = [expand(prefix), prefix, ...(urn === undefined ? [] : [`urn:epcglobal:cbv:${urn}:`])];
  const start = starts.find((candidate) => full.startsWith(candidate)) ?? '';
  const term = full.slice(start.length);
  return terms.find((known) => known === term);
}

/** The full URI of a term, however it is written; any other value as it is. */
export function termUri(vocabulary: Vocabulary, value: string): string {
  const term = termOf(vocabulary, value);
  return term === undefined ? value : `${expand(vocabularies[vocabulary].prefix)}${term}`;
}
