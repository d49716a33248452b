/** Substances that are not in the formulary but that a record may name, and further names of those that are: ATC codes. */
export const otherNames: Readonly<Record<string, string>> = {
  ...{ phenelzine: 'N06AF03', tranylcypromine: 'N06AF04', isocarboxazid: 'N06AF01', moclobemide: 'N06AG02' },
  ...{ selegiline: 'N04BD01', rasagiline: 'N04BD02', linezolid: 'J01XX08', ketoconazole: 'J02AB02' },
  ...{ voriconazole: 'J02AC03', posaconazole: 'J02AC04', ritonavir: 'J05AE03', gemfibrozil: 'C10AB04' },
  ...{ vardenafil: 'G04BE09', avanafil: 'G04BE10', phenytoin: 'N03AB02', phenobarbital: 'N03AA02' },
  ...{ nicorandil: 'C01DX16', 'isosorbide dinitrate': 'C01DA08', riociguat: 'C02KX05', aliskiren: 'C09XA02' },
  ...{ amiloride: 'C03DB01', triamterene: 'C03DB02', fluvoxamine: 'N06AB08', clomipramine: 'N06AA04' },
  ...{ clozapine: 'N05AH02', dronedarone: 'C01BD07', disulfiram: 'N07BB01', probenecid: 'M04AB01' },
  ...{ "st john's wort": 'N06AX25', 'hypericum perforatum': 'N06AX25', pethidine: 'N02AB02' },
  ...{ aspirin: 'B01AC06', adrenaline: 'C01CA24', 'co-amoxiclav': 'J01CR02', 'co-trimoxazole': 'J01EE01' },
  ...{ acetaminophen: 'N02BE01', albuterol: 'R03AC02', 'mycophenolate mofetil': 'L04AA06', valproate: 'N03AG01' },
  ...{ methimazole: 'H03BB02', cyclosporine: 'L04AD01', nitroglycerin: 'C01DA02', levothyroxine: 'H03AA01' },
  ...{ ampicillin: 'J01CA01', piperacillin: 'J01CA12', oxytetracycline: 'J01AA06', moxifloxacin: 'J01MA14' },
  ...{ ketoprofen: 'M01AE03', indometacin: 'M01AB01', piroxicam: 'M01AC01', sulfasalazine: 'A07EC01' },
  ...{ estrogen: 'G03CA03', oestradiol: 'G03CA03', quinine: 'P01BC01', sotalol: 'C07AA07' },
};
