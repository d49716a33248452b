// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CareSettlement} from "../src/CareSettlement.sol";
import {ICareSettlement} from "../src/ICareSettlement.sol";
import {TestCoin} from "../src/TestCoin.sol";
import {vm} from "./Signing.sol";

/// @title Who may pay and take what, said a second time and as simply as it goes
/// @dev Remembers what was taken, and asks nothing of the contract to know what must be.
abstract contract SettlementModel {
    struct Proposal {
        address spender;
        uint32 version;
    }

    /// @notice The admin with all of its roles, the treasurer of both insurers, a spender of the first, one of both who releases too, a
    /// releaser of both; the payees' payout addresses; a patient, one who pays as assistance, and one who is nothing.
    uint256 public constant ACTORS = 10;
    /// @notice Few, so that much is tried on each; either insurer quotes for each.
    uint256 public constant CLAIMS = 4;

    CareSettlement public immutable SETTLEMENT;
    TestCoin public immutable COIN;

    mapping(bytes32 insurer => mapping(bytes32 claim => ICareSettlement.Bill)) internal bills;
    mapping(bytes32 bill => mapping(ICareSettlement.Payer kind => mapping(address payer => uint256))) private _paidBy;
    /// @notice The most that was ever owed of a patient's share while it was paid: an appeal can make it less than what is paid.
    mapping(bytes32 insurer => mapping(bytes32 claim => uint96)) public mostOwed;
    mapping(bytes32 insurer => mapping(bytes32 claim => Proposal)) internal proposals;
    mapping(bytes32 insurer => mapping(address coin => ICareSettlement.Purse)) internal purses;
    mapping(bytes32 payee => mapping(address coin => uint256)) public withdrawable;
    mapping(address payer => mapping(address coin => uint256)) public refundable;
    /// @notice What came in and went out, counted once more from what was taken.
    mapping(address coin => uint256) public cameIn;
    mapping(address coin => uint256) public wentOut;
    mapping(address coin => uint256) public gifts;
    bool internal paused;
    /// @notice What was taken that never may be, or refused that must be taken; empty where all is well.
    string public broken;
    /// @notice How often each thing was taken, and how often refused.
    mapping(string what => mapping(bool did => uint256)) public times;

    constructor() {
        CareSettlement settlement = new CareSettlement(actor(0));
        TestCoin coin = new TestCoin();
        (SETTLEMENT, COIN) = (settlement, coin);
        bytes32[4] memory roles = [
            settlement.PAUSER_ROLE(),
            settlement.PAYEE_REGISTRAR_ROLE(),
            settlement.INSURER_REGISTRAR_ROLE(),
            settlement.ASSISTANCE_ROLE()
        ];
        for (uint256 i = 0; i < 4; ++i) {
            vm.prank(actor(0));
            settlement.grantRole(roles[i], actor(i == 3 ? 8 : 0));
        }
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(actor(0));
            settlement.allowCoin(coinAt(i), uint96(unitOf(coinAt(i))));
            vm.prank(actor(0));
            settlement.setPayee(payeeAt(i), actor(5 + i));
            vm.prank(actor(0));
            settlement.setTreasurer(insurerAt(i), actor(1));
            vm.prank(actor(1));
            settlement.setSigner(insurerAt(i), vm.addr(signerKey(insurerAt(i))));
            for (uint256 who = 2; who < 5; ++who) {
                if (!spends(actor(who), insurerAt(i)) && !releases(actor(who))) continue;
                vm.prank(actor(1));
                settlement.setRights(
                    insurerAt(i),
                    actor(who),
                    spends(actor(who), insurerAt(i)),
                    releases(actor(who))
                );
            }
        }
        for (uint256 i = 0; i < ACTORS; ++i) {
            coin.mint(actor(i), 2 ** 100);
            vm.deal(actor(i), 2 ** 100);
            vm.prank(actor(i));
            coin.approve(address(settlement), type(uint256).max);
        }
    }

    function billOf(bytes32 claim, bytes32 insurer) external view returns (ICareSettlement.Bill memory) {
        return bills[insurer][claim];
    }

    function paidBy(
        bytes32 claim,
        bytes32 insurer,
        ICareSettlement.Payer kind,
        address payer
    ) public view returns (uint256) {
        return _paidBy[keccak256(abi.encode(claim, insurer))][kind][payer];
    }

    function purseOf(bytes32 insurer, address coin) external view returns (ICareSettlement.Purse memory) {
        return purses[insurer][coin];
    }

    function actor(uint256 any) public pure returns (address) {
        return vm.addr(keyOf(any));
    }

    function keyOf(uint256 any) internal pure returns (uint256) {
        return 0xa11ce + (any % ACTORS);
    }

    function claimAt(uint256 any) public pure returns (bytes32) {
        return keccak256(abi.encode("claim", any % CLAIMS));
    }

    /// @notice Either insurer of a claim, the first more often.
    function eitherInsurer(uint256 any) internal pure returns (bytes32) {
        return insurerAt(any % 4 == 0 ? 1 : 0);
    }

    function insurerAt(uint256 any) public pure returns (bytes32) {
        return keccak256(abi.encode("insurer", any % 2));
    }

    function payeeAt(uint256 any) public pure returns (bytes32) {
        return keccak256(abi.encode("payee", any % 2));
    }

    /// @notice The coin, ether, and one that is not allowed.
    function coinAt(uint256 any) public view returns (address) {
        return any % 3 == 0 ? address(COIN) : any % 3 == 1 ? address(0) : address(0xbad);
    }

    /// @notice What is paid is whole units of it.
    function unitOf(address coin) public view returns (uint256) {
        return coin == address(COIN) ? 10 : 1;
    }

    function isWhole(address coin, uint256 amount) internal view returns (bool) {
        return amount % unitOf(coin) == 0;
    }

    function signerKey(bytes32 insurer) internal pure returns (uint256) {
        return insurer == insurerAt(0) ? 0x51 : 0x52;
    }

    function spends(address who, bytes32 insurer) internal pure returns (bool) {
        return who == actor(3) || (who == actor(2) && insurer == insurerAt(0));
    }

    function releases(address who) internal pure returns (bool) {
        return who == actor(3) || who == actor(4);
    }

    function payout(bytes32 payee) internal pure returns (address) {
        return payee == payeeAt(0) ? actor(5) : actor(6);
    }

    /// @dev Whether a quote counts; `signed` whether it has its insurer's signature.
    function mayBring(ICareSettlement.Quote memory quote, bool signed) internal view returns (bool) {
        ICareSettlement.Bill storage bill = bills[quote.insurer][quote.claim];
        if (block.timestamp > quote.expires || quote.coin == address(0xbad) || bill.reversed) return false;
        if (quote.version < bill.version || quote.version == 0) return false;
        bool moved = bill.payee != quote.payee || bill.coin != quote.coin;
        bool other = bill.insurerAmount != quote.insurerAmount || bill.patientAmount != quote.patientAmount;
        if (quote.version == bill.version) return !moved && !other && bill.expires == quote.expires;
        if (!signed) return false;
        if (moved && bill.insurerPaid + bill.patientPaid > 0) return false;
        return quote.insurerAmount >= bill.insurerPaid;
    }

    function brought(ICareSettlement.Quote memory quote) internal {
        ICareSettlement.Bill storage bill = bills[quote.insurer][quote.claim];
        (bill.insurer, bill.payee, bill.coin) = (quote.insurer, quote.payee, quote.coin);
        (bill.insurerAmount, bill.patientAmount) = (quote.insurerAmount, quote.patientAmount);
        (bill.version, bill.expires) = (quote.version, quote.expires);
    }

    /// @dev What is left of a share by a quote that counts.
    function leftOf(ICareSettlement.Quote memory quote, bool insurers) internal view returns (uint256) {
        ICareSettlement.Bill storage bill = bills[quote.insurer][quote.claim];
        uint256 share = insurers ? quote.insurerAmount : quote.patientAmount;
        uint256 before = insurers ? bill.insurerPaid : bill.patientPaid;
        return share > before ? share - before : 0;
    }

    function spentToday(ICareSettlement.Purse storage purse) internal view returns (uint256) {
        return purse.day == block.timestamp / 1 days ? purse.spent : 0;
    }

    function maySpend(ICareSettlement.Quote memory quote, uint256 amount) internal view returns (bool) {
        ICareSettlement.Purse storage purse = purses[quote.insurer][quote.coin];
        if (quote.insurerAmount > purse.releaseAbove || amount > purse.balance) return false;
        return spentToday(purse) + amount <= purse.perDay;
    }

    function spent(ICareSettlement.Quote memory quote, uint256 amount) internal {
        ICareSettlement.Purse storage purse = purses[quote.insurer][quote.coin];
        uint256 before = spentToday(purse);
        (purse.day, purse.spent) = (uint32(block.timestamp / 1 days), uint128(before + amount));
        purse.balance -= uint128(amount);
    }

    function paid(
        bytes32 claim,
        bytes32 insurer,
        ICareSettlement.Payer kind,
        address payer,
        uint256 amount
    ) internal {
        ICareSettlement.Bill storage bill = bills[insurer][claim];
        withdrawable[bill.payee][bill.coin] += amount;
        if (kind == ICareSettlement.Payer.Insurer) {
            bill.insurerPaid += uint96(amount);
            return;
        }
        if (bill.patientAmount > mostOwed[insurer][claim]) mostOwed[insurer][claim] = bill.patientAmount;
        bill.patientPaid += uint96(amount);
        _paidBy[keccak256(abi.encode(claim, insurer))][kind][payer] += amount;
    }

    function givenBack(bytes32 claim, bytes32 insurer, ICareSettlement.Payer kind, address payer, uint96 amount)
        internal
    {
        bills[insurer][claim].patientPaid -= amount;
        _paidBy[keccak256(abi.encode(claim, insurer))][kind][payer] -= amount;
    }

    /// @dev Holds what the contract did against what it had to do.
    function compare(string memory what, bool may, bool did) internal {
        ++times[what][did];
        if (may != did && bytes(broken).length == 0) broken = string.concat(what, did ? " was taken" : " was refused");
    }
}
