import { ledger } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { sha256 } from './hash.ts';
import { RangeResults } from './ranges.ts';
import { readMessage } from './rwset.ts';

const { kvrwset } = ledger.rwset;

/**
 * Degree, results, level and hashes of the summary (0 without one), and the SHA-256 of the whole RangeQueryInfo. Made with
 * Fabric v3.1.5: NewRangeQueryResultsHelper(true, degree, sha256), AddResult for each of the results below, SetRawReads or
 * SetMerkelSummary with what Done gives, proto.Marshal.
 */
const vectors = [
  [2, 0, 0, 0, '771ee22b7fdd4ef9d0b3e89e0b7ef2ed7679070a34a1e8936ac43c3750491b4d'],
  [2, 1, 0, 0, 'be0fbee1acc59ae836efaa9a6bf1d80ef87237145048bf2bca590b925f7d8ed4'],
  [2, 2, 0, 0, '79f0db888184a68f7a4fc09908ebffc7801aca37b422496372d62e9622bdf92b'],
  [2, 3, 1, 1, '91e1441b664b176d323e930ceb73b5deeb6f64d04d40b9b802560f9e06100270'],
  [2, 4, 1, 2, '5375db28c5de20905a148d4c127d39a3d72326433c2b4cd77da29b61ee1c1510'],
  [2, 5, 1, 2, '9a3db79b92bba90290a23ef4cb67a5400a1189c4ccd6087ed5129ea43cbff9be'],
  [2, 6, 1, 2, '225ee640feb6d6c9d3d653dbb87f322f623cc5785181a7ea9331c41e9512a132'],
  [2, 7, 2, 1, '83027abf830ded0786a37893b11556869f26f0430096562023148748e045c2dd'],
  [2, 8, 2, 1, '26ccff93aa864094509d381cad731e9df1c231ced150f5fb802b69affa81678c'],
  [2, 9, 2, 1, '7cad8e99aea5f221d5b2e758c953aad21115256ecba8361b6e59f07ec68aa330'],
  [2, 10, 2, 2, '3db249e90356801a8eafcc7b43f039ee7dcf14730e917ce2e1e8eaff99f511e7'],
  [2, 13, 2, 2, '36dbd8599af9a033cec83f139d31dddccaabbaeeb76d8de567b045e3d1756b92'],
  [2, 26, 3, 1, '88f792c5687df1c0179d2587184e0f6574a24bf03ff4eb736c0049e8a8f4a6d7'],
  [2, 27, 3, 1, '2e5a18f9d451273092bd3ecac39cc69977da8978ec020207745d85b275794ad5'],
  [2, 28, 3, 2, '2f84f418f0af4e32c7d8069c2a04fd79420b1781a9f5b8e0de8634bdc2702279'],
  [2, 101, 4, 2, 'f5bf4cd282a4f8ccd043849b3a2bf1592155a522e8b3c7975765629323ca4413'],
  [2, 250, 5, 2, '677dcf0a76b2b0552e84f2d7a32ebbbd2fa49b3522d1bef3f836fd77780f7744'],
  [3, 3, 0, 0, 'b9d6ecffc0fb2d5c141d07b508708f2202a141d20b511a4950ba8bf3ab95ab9c'],
  [3, 4, 1, 1, 'b78ca8d534514ae7850abe32bd139ea4317c6996da0bf9a700dfed2dcadf85e2'],
  [3, 5, 1, 2, '8b823d870aa3edcdeb912634c9e1fe097bf05d4f38c3f35c35616222c05b071b'],
  [3, 13, 2, 1, '893f0b492893f7627d4ed25ccac512fac3e6742da7cb5dcd255a0afc161efef0'],
  [3, 26, 2, 2, '6a7d09998742e2948b81bb9769498f233b7df49ab3598b2f28742f7e872774a4'],
  [3, 52, 3, 1, '34c1a96254a3fbb0ff35210ef426d86e2a48dded69a68790841dd634dc74f332'],
  [3, 250, 4, 1, '025558d9541b8efd4877410406db7d1181e34b4bfe9ef26925efee17d103bf30'],
  [3, 2600, 5, 3, '0325a2443e69527a99e94ef0ec9e9f55ff2be73aa8cdf7a8087de32e722eabb3'],
  [50, 0, 0, 0, '771ee22b7fdd4ef9d0b3e89e0b7ef2ed7679070a34a1e8936ac43c3750491b4d'],
  [50, 1, 0, 0, 'be0fbee1acc59ae836efaa9a6bf1d80ef87237145048bf2bca590b925f7d8ed4'],
  [50, 50, 0, 0, 'd4079c8fbdbb298b87ff131730e141693b3107a4e747a6322f156ab97a6c7970'],
  [50, 51, 1, 1, '03ac596acb88064ed967499f04ef218cccab660f694d9dc3cece9179f1b4dd90'],
  [50, 52, 1, 2, 'd20c408e5a84daac856abe4bb3f869c095c59e4b428a2694731700b471f16f7c'],
  [50, 101, 1, 2, 'f0d279899115ec26614878f651395a9cb465e3580f104392b6eef3157917a965'],
  [50, 102, 1, 2, '95041a34b5a72d380a3820d53543483176c947cfd2683a9781da9f91b7cbb33f'],
  [50, 250, 1, 5, '2712ab39caa7a49f6945d34dba232eb8a6bf6458295c6637c67ab48f76a6d316'],
  [50, 2600, 2, 1, '83189bb5b8fbcda9a3bbf9b3736a07deab57fbf41e001453f28b11be2a642862'],
  [50, 2601, 2, 1, '7063e5412802a3305cf545087dad8825cd5dba2607377d3706095563dc8f9863'],
  [50, 2602, 2, 2, 'ebc0122e5a5cf0a5b6acc164874617f0ab96fb8a24b89655e7efcf7e80246914'],
  [50, 2652, 2, 2, '87645202861bd0b2b81b04406b0fdc93382cdc4677aa94686c2b5312bcf43f6e'],
  [50, 5253, 2, 3, '9ce301360a6161042a851a1cfd21c03dd188de1d94a24f4444c2a8df5d60803a'],
] as const;

describe('RangeResults', () => {
  it.each(vectors)(
    'of degree %i with %i results gives the bytes that Fabric gives',
    (degree, count, level, hashes, hash) => {
      const results = new RangeResults(degree);
      for (let index = 0; index < count; index += 1) {
        const version = { block: Math.floor(index / 7), tx: index % 7 };
        results.add(readMessage(`key${String(index).padStart(5, '0')}`, version));
      }
      const found = results.finish();
      const message = new kvrwset.RangeQueryInfo();
      message.setStartKey('key');
      message.setEndKey('kez');
      message.setItrExhausted(true);
      if ('summary' in found) message.setReadsMerkleHashes(found.summary);
      else if (found.reads.length > 0) {
        const reads = new kvrwset.QueryReads();
        reads.setKvReadsList(found.reads);
        message.setRawReads(reads);
      }
      const summary = message.getReadsMerkleHashes();
      expect([summary?.getMaxLevel() ?? 0, summary?.getMaxLevelHashesList().length ?? 0]).toEqual([level, hashes]);
      expect(sha256(message.serializeBinary()).toString('hex')).toBe(hash);
    },
  );
});
