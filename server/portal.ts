import { type Env, env } from './env.ts';
import { type AdjudicatorGateway, openAdjudicator } from './gateways/adjudicator/adjudicator.ts';
import { type ConnectorGateway, openConnector } from './gateways/connector/connector.ts';
import { type Database, openDatabase } from './gateways/db/database.ts';
import { type EthereumGateway, openEthereum } from './gateways/ethereum/ethereum.ts';
import { type FundGateway, openFund } from './gateways/ethereum/fund.ts';
import { openSettlement, type SettlementGateway } from './gateways/ethereum/settlement.ts';
import { type IpfsGateway, openIpfs } from './gateways/ipfs/ipfs.ts';
import { type LedgerGateway, openLedger } from './gateways/ledger/ledger.ts';
import { followLedgerProfile } from './gateways/ledger/profile.ts';
import { currentRequestId, log } from './log.ts';
import { PersonalData } from './people/personalData.ts';
import { keptOutgoing } from './prescriptions/keptOutgoing.ts';

/** All that services act upon. Tests put fakes for the gateways here and nowhere else. */
export interface Portal {
  db: Database;
  ledger: LedgerGateway;
  ipfs: IpfsGateway;
  ethereum: EthereumGateway;
  settlement: SettlementGateway;
  fund: FundGateway;
  connector: ConnectorGateway;
  /** By the insurers' ids. */
  adjudicators: Readonly<Record<string, AdjudicatorGateway>>;
  personalData: PersonalData;
  settings: {
    url: string;
    databaseUrl: string;
    mode: Env['MEDLOOM_MODE'];
    secret: string;
    /** How long what waits for Ethereum is gathered at most, and how much of it at most. */
    relay: { intervalMs: number; batch: number };
    /** The coin of payments and what it stands for, their contract, the block from which they are read, and how many blocks after its own make one final. */
    payments: { coin: string; currency: string; contract: `0x${string}`; fromBlock: number; confirmations: number };
    /** Of the telemetry gateway, where there is one. */
    telemetryHealthUrl?: string | undefined;
    /** How devices reach it: addresses, and the PEM file of the authority of its certificate. */
    telemetry?: { mqtt: string; https: string; caFile: string } | undefined;
  };
  close(): Promise<void>;
}

function gatewayOf({ TELEMETRY_MQTT_URL: mqtt, TELEMETRY_HTTPS_URL: https, TELEMETRY_CA_FILE: caFile }: Env) {
  return mqtt === undefined || https === undefined || caFile === undefined ? undefined : { mqtt, https, caFile };
}

function adjudicatorsOf({ ADJUDICATORS: all }: Env): Record<string, AdjudicatorGateway> {
  return Object.fromEntries(
    all.map(({ insurer, url, token }) => [insurer, openAdjudicator({ url, token, requestId: currentRequestId })]),
  );
}

/** Opens the gateways that the settings name. Nothing is contacted until it is used. */
export function openPortal(settings: Env): Portal {
  const database = openDatabase(settings.DATABASE_URL, (error) =>
    log().warn({ err: error }, 'database connection lost'),
  );
  const ledger = openLedger(followLedgerProfile(settings.LEDGER_PROFILE));
  const ethereum = openEthereum({
    rpcUrl: settings.ETHEREUM_RPC_URL,
    tokenAddress: settings.PRESCRIPTION_TOKEN_ADDRESS,
    submitterKey: settings.ETHEREUM_SUBMITTER_KEY,
    outgoing: keptOutgoing(database.db),
  });
  return {
    db: database.db,
    ledger,
    ipfs: openIpfs(settings.IPFS_API_URL),
    ethereum,
    settlement: openSettlement({
      rpcUrl: settings.ETHEREUM_RPC_URL,
      settlementAddress: settings.CARE_SETTLEMENT_ADDRESS,
      submit: ethereum.submit,
    }),
    fund: openFund({
      ...{ rpcUrl: settings.ETHEREUM_RPC_URL, fundAddress: settings.ASSISTANCE_FUND_ADDRESS },
      ...{ coin: settings.SETTLEMENT_COIN_ADDRESS, fromBlock: settings.SETTLEMENT_FROM_BLOCK },
      ...{ confirmations: settings.SETTLEMENT_CONFIRMATIONS, submit: ethereum.submit },
    }),
    connector: openConnector({
      url: settings.CONNECTOR_URL,
      token: settings.CONNECTOR_TOKEN,
      requestId: currentRequestId,
    }),
    adjudicators: adjudicatorsOf(settings),
    personalData: new PersonalData(Buffer.from(settings.PERSONAL_DATA_KEY, 'base64')),
    settings: {
      url: settings.MEDLOOM_URL,
      databaseUrl: settings.DATABASE_URL,
      mode: settings.MEDLOOM_MODE,
      secret: settings.NEXTAUTH_SECRET,
      relay: { intervalMs: settings.RELAY_INTERVAL_MS, batch: settings.RELAY_BATCH },
      payments: {
        coin: settings.SETTLEMENT_COIN_ADDRESS.toLowerCase(),
        currency: settings.SETTLEMENT_CURRENCY,
        contract: `0x${settings.CARE_SETTLEMENT_ADDRESS.slice(2)}`,
        fromBlock: settings.SETTLEMENT_FROM_BLOCK,
        confirmations: settings.SETTLEMENT_CONFIRMATIONS,
      },
      telemetryHealthUrl: settings.TELEMETRY_HEALTH_URL,
      telemetry: gatewayOf(settings),
    },
    close: async () => {
      ledger.close();
      await database.close();
    },
  };
}

declare global {
  var medloomPortal: Portal | undefined;
}

/**
 * The portal of this process. It hangs on `globalThis` because Next loads this module more than once, and each copy
 * would open connections of its own.
 */
export function portal(): Portal {
  globalThis.medloomPortal ??= openPortal(env());
  return globalThis.medloomPortal;
}
