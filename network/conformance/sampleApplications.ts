/** An application of fabric-samples with the chaincode that it calls; folders are relative to those of fabric-samples. */
export interface SampleApplication {
  name: string;
  application: string;
  chaincode: { name: string; folder: string; policy?: string; collectionsFile?: string };
  /** What its output must hold, in this order. */
  output: readonly RegExp[];
}

/** As the test network's own workflows deploy the samples that any organisation may endorse alone. */
const either = "OR('Org1MSP.peer','Org2MSP.peer')";

const basicOutput = [
  /Submit Transaction: InitLedger/,
  /\*\*\* Transaction committed successfully/,
  /Owner: 'Tomoko'/,
  /Successfully submitted transaction to transfer ownership from Tom to Saptha/,
  /\*\*\* Transaction committed successfully/,
  /Owner: 'Saptha'/,
  /Successfully caught the error/,
  /chaincode response 500, The asset asset70 does not exist/,
];

const eventsOutput = ['CreateAsset', 'UpdateAsset', 'TransferAsset', 'DeleteAsset'];

/** The applications that run unmodified against a devnet of the test network's shape. */
export const sampleApplications: readonly SampleApplication[] = [
  {
    name: 'asset-transfer-basic, TypeScript',
    application: 'asset-transfer-basic/application-gateway-typescript',
    chaincode: { name: 'basic', folder: 'asset-transfer-basic/chaincode-typescript' },
    output: basicOutput,
  },
  {
    name: 'asset-transfer-basic, JavaScript',
    application: 'asset-transfer-basic/application-gateway-javascript',
    chaincode: { name: 'basic', folder: 'asset-transfer-basic/chaincode-typescript' },
    output: basicOutput,
  },
  {
    name: 'asset-transfer-events',
    application: 'asset-transfer-events/application-gateway-typescript',
    chaincode: { name: 'events', folder: 'asset-transfer-events/chaincode-javascript', policy: either },
    output: [
      // An event may come before or after the commit that the application waits for.
      /\*\*\* Start chaincode event listening/,
      ...eventsOutput.map((event) => new RegExp(`<-- Chaincode event received: ${event} -`)),
      /\*\*\* Start chaincode event replay/,
      ...eventsOutput.map((event) => new RegExp(`<-- Chaincode event replayed: ${event} -`)),
    ],
  },
  {
    name: 'asset-transfer-private-data',
    application: 'asset-transfer-private-data/application-gateway-typescript',
    chaincode: {
      name: 'private',
      folder: 'asset-transfer-private-data/chaincode-typescript',
      policy: either,
      collectionsFile: 'asset-transfer-private-data/chaincode-typescript/collections_config.json',
    },
    output: [
      /Attempt TransferAsset without prior AgreeToTransfer/,
      /AgreeToTransfer must be called by the buyer first/,
      /Submit Transaction: AgreeToTransfer/,
      /Evaluate Transaction: ReadTransferAgreement/,
      /Submit Transaction: TransferAsset/,
      /\*\*\* Transaction committed successfully/,
      /ReadAssetPrivateDetails from Org1MSPPrivateCollection/,
      /\*\*\* No result/,
      /ReadAssetPrivateDetails from Org2MSPPrivateCollection/,
      /AppraisedValue: 100/,
      /Submit Transaction: DeleteAsset/,
      /\*\*\* Received expected error/,
      /Submit Transaction: PurgeAsset/,
      /\*\*\* Transaction committed successfully/,
    ],
  },
];
