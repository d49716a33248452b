/** Names of the simulated supply chain. All are invented; the coordinates are those of towns, so that a map has something to show. */

/** Latitude and longitude in degrees, in the north of Europe, where the demonstration's own places are. */
export const towns: readonly (readonly [name: string, latitude: string, longitude: string])[] = [
  ['Alderbrook', '52.5200', '13.4050'],
  ['Birchwick', '51.3397', '12.3731'],
  ['Claymoor', '51.0504', '13.7373'],
  ['Dunmere', '52.3759', '9.7320'],
  ['Eastholm', '53.0793', '8.8017'],
  ['Fernley', '52.1205', '11.6276'],
  ['Gullhaven', '54.0924', '12.0991'],
  ['Heronsea', '53.6355', '11.4012'],
  ['Ivybridge Hill', '51.3127', '9.4797'],
  ['Juniper Bend', '50.9375', '6.9603'],
  ['Kingsmill', '51.5136', '7.4653'],
  ['Larkfield', '51.9607', '7.6261'],
  ['Mossgate', '52.2799', '8.0472'],
  ['Netherby', '52.0302', '8.5325'],
  ['Oakenshaw', '50.9848', '11.0299'],
  ['Pinehurst Green', '53.2194', '6.5665'],
  ['Quarry Bank', '52.0907', '5.1214'],
  ['Rushden Fields', '51.4416', '5.4697'],
  ['Saltmarsh', '52.5168', '6.0830'],
  ['Thornby', '53.2012', '5.7999'],
  ['Upper Vale', '56.1629', '10.2039'],
  ['Vinemount', '55.4038', '10.4024'],
  ['Westerby', '57.0488', '9.9217'],
  ['Yarrow Sands', '55.4765', '8.4594'],
  ['Ashcombe', '54.7937', '9.4470'],
  ['Brackenford', '55.6050', '13.0038'],
  ['Copperfield', '56.0465', '12.6945'],
  ['Drayton Cross', '56.6745', '12.8578'],
  ['Elmstead', '56.8777', '14.8091'],
  ['Foxholme', '56.6634', '16.3568'],
  ['Greywell', '57.7826', '14.1618'],
  ['Hazelton', '58.4109', '15.6216'],
  ['Inverlea', '57.7210', '12.9401'],
  ['Kettlewick', '59.3793', '13.5036'],
  ['Longmeadow', '59.2753', '15.2134'],
  ['Millbrook', '59.6099', '16.5448'],
  ['Norwick', '53.4285', '14.5528'],
  ['Orchard Hill', '52.4064', '16.9252'],
  ['Pebble Bay', '54.3520', '18.6466'],
  ['Ravensmoor', '51.1079', '17.0385'],
  ['Stillwater', '53.1235', '18.0084'],
  ['Tidewater', '59.9139', '10.7522'],
  ['Windermoor', '58.1599', '8.0182'],
];

export const makers = ['Aldervane', 'Brightmere', 'Kestrowe', 'Lindenfell', 'Tarnquill'] as const;
export const distributors = ['Overland Medical', 'Threefold Wholesale', 'Milepost Supply', 'Lanternway'] as const;
/** Chains of pharmacies. */
export const chains = ['Willowmark', 'Cornerlight', 'Greenbell', 'Sevenoaks Row'] as const;
/** Pharmacies of their own. */
export const independents = ['Lighthouse', 'Market Square', 'Old Bridge', 'Station'] as const;

/**
 * What the makers make: codes of the formulary with which of its packs, so that doctors can prescribe it; how much of it is asked
 * for compared with the others; whether it is kept cold.
 */
export const goods: readonly (readonly [code: string, pack: number, demand: number, cold?: 'cold'])[] = [
  ['MP-12081', 0, 1.4],
  ['MP-14180', 0, 1.2],
  ['MP-14210', 0, 1.6],
  ['MP-14310', 0, 1.1],
  ['MP-10200', 0, 0.9, 'cold'],
  ['MP-10260', 0, 0.5, 'cold'],
  ['MP-10270', 0, 0.8, 'cold'],
  ['MP-28080', 0, 0.4, 'cold'],
  ['MP-24020', 1, 1],
  ['MP-24140', 0, 0.7],
  ['MP-24010', 1, 0.6],
  ['MP-24050', 1, 0.9],
  ['MP-32351', 0, 1],
  ['MP-32360', 0, 0.8],
  ['MP-32060', 1, 1.9],
  ['MP-22031', 0, 0.7],
  ['MP-40050', 0, 1.3],
  ['MP-40200', 0, 1.2],
  ['MP-14371', 0, 1.3],
  ['MP-44080', 0, 0.6, 'cold'],
];
