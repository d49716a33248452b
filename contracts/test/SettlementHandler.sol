// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICareSettlement} from "../src/ICareSettlement.sol";
import {vm} from "./Signing.sol";
import {SettlementOffice} from "./SettlementOffice.sol";

/// @title Pays at random what anybody can pay, and holds what came of it against the model
/// @dev Target of the invariant tests. Much of what it tries must be refused, and enough must be taken.
contract SettlementHandler is SettlementOffice {
    enum Way {
        Settle,
        Batch,
        Propose,
        Share,
        CoPay,
        Permit,
        Assistance
    }

    /// @dev One attempt.
    struct Attempt {
        ICareSettlement.Quote quote;
        bytes signature;
        bool signed;
        address by;
        uint96 amount;
        uint256 value;
    }

    bytes[] private _takenPermits;

    function pay(uint8 who, uint8 any, uint8 way, uint64 dice, uint96 amount) external {
        Attempt memory own;
        own.quote = _quote(any, dice);
        own.signed = (dice >> 24) % 8 != 0;
        own.signature = _sign(own.quote, own.signed ? signerKey(own.quote.insurer) : keyOf(dice));
        Way wanted = Way(way % 7);
        own.by = _payer(wanted, who);
        uint256 left = leftOf(own.quote, wanted <= Way.Share);
        own.amount = uint96(amount % 3 == 0 ? left : amount % (left + 2));
        if (amount % 32 > 2) own.amount -= uint96(own.amount % unitOf(own.quote.coin));
        own.value = _takesEther(wanted) && own.quote.coin == address(0) ? own.amount : 0;
        if (_takesEther(wanted) && (dice >> 32) % 16 == 0) own.value += 1;
        if (wanted == Way.Permit) return _payByPermit(own, amount);
        bool may = !paused && mayBring(own.quote, own.signed) && _may(wanted, own, left);
        vm.prank(own.by);
        (bool did, ) = address(SETTLEMENT).call{value: own.value}(_call(wanted, own));
        compare(_name(wanted), may, did);
        if (did) _took(wanted, own, left);
    }

    function release(uint8 who, uint8 any, uint8 other) external {
        (bytes32 claim, bytes32 insurer) = (claimAt(any), eitherInsurer(any / CLAIMS));
        ICareSettlement.Bill storage bill = bills[insurer][claim];
        Proposal storage proposal = proposals[insurer][claim];
        address by = who % 2 == 0 ? actor(4) : actor(who);
        uint32 version = proposal.version + (other % 8 == 0 ? 1 : 0);
        uint256 left = bill.insurerAmount - bill.insurerPaid;
        bool may = !paused && proposal.spender != address(0) && version == proposal.version && version == bill.version;
        may = may && !bill.reversed && block.timestamp <= bill.expires && releases(by) && by != proposal.spender;
        may = may && left > 0 && isWhole(bill.coin, left) && purses[bill.insurer][bill.coin].balance >= left;
        vm.prank(by);
        try SETTLEMENT.release(claim, insurer, version) {
            compare("a release", may, true);
            delete proposals[insurer][claim];
            purses[bill.insurer][bill.coin].balance -= uint128(left);
            paid(claim, insurer, ICareSettlement.Payer.Insurer, address(0), left);
        } catch {
            compare("a release", may, false);
        }
    }

    /// @notice Brings once more a permit that was taken before.
    function replay(uint8 any) external {
        if (_takenPermits.length == 0) return;
        (bool did, ) = address(SETTLEMENT).call(_takenPermits[any % _takenPermits.length]);
        compare("a permit of before", false, did);
    }

    function _payByPermit(Attempt memory own, uint256 dice) private {
        ICareSettlement.CoPayPermit memory permit = ICareSettlement.CoPayPermit({
            payer: actor(7),
            amount: own.amount,
            validUntil: uint40(block.timestamp + (dice % 16) - 1),
            nonce: COIN.nonces(actor(7)) + (dice % 32 == 31 ? 1 : 0),
            v: 0,
            r: 0,
            s: 0
        });
        uint256 deadline = SETTLEMENT.permitDeadline(own.quote, permit.validUntil);
        // Sometimes it is of another quote.
        bool its = (dice >> 8) % 8 != 0;
        bytes32 digest = _permitDigest(permit, its ? deadline : deadline + (1 << 40));
        (permit.v, permit.r, permit.s) = vm.sign(keyOf(7), digest);
        bool wrongNonce = permit.nonce != COIN.nonces(actor(7));
        // Sometimes somebody has brought it to the coin before.
        if (its && !wrongNonce && (dice >> 16) % 4 == 0 && permit.amount > 0)
            COIN.permit(permit.payer, address(SETTLEMENT), permit.amount, deadline, permit.v, permit.r, permit.s);
        bool may = !paused && mayBring(own.quote, own.signed) && its && own.quote.coin == address(COIN);
        may = may && permit.validUntil >= block.timestamp;
        may = may && _isWithin(own, leftOf(own.quote, false));
        // With a nonce that the coin does not take, it goes by the allowance that stands.
        if (COIN.allowance(actor(7), address(SETTLEMENT)) < own.amount && wrongNonce) may = false;
        bytes memory calling = abi.encodeCall(SETTLEMENT.payCoPayWithPermit, (own.quote, own.signature, permit));
        vm.prank(own.by);
        (bool did, ) = address(SETTLEMENT).call(calling);
        compare(_name(Way.Permit), may, did);
        if (did) {
            _took(Way.Permit, own, 0);
            _takenPermits.push(calling);
        }
        // As it was, for payments without a permit.
        vm.prank(actor(7));
        COIN.approve(address(SETTLEMENT), type(uint256).max);
    }

    function _may(Way way, Attempt memory own, uint256 left) private view returns (bool) {
        bool within = _isWithin(own, left);
        bool spender = spends(own.by, own.quote.insurer);
        if (way == Way.Propose) return spender && left > 0;
        if (way == Way.Settle) return spender && within && maySpend(own.quote, own.amount);
        if (way == Way.Batch) return spender && left > 0 && isWhole(own.quote.coin, left) && maySpend(own.quote, left);
        if (own.value != (own.quote.coin == address(0) ? own.amount : 0)) return false;
        if (way == Way.Share) return spender && within;
        if (way == Way.Assistance) return own.by == actor(8) && within;
        return within;
    }

    function _isWithin(Attempt memory own, uint256 left) private view returns (bool) {
        return own.amount > 0 && own.amount <= left && isWhole(own.quote.coin, own.amount);
    }

    function _took(Way way, Attempt memory own, uint256 left) private {
        brought(own.quote);
        (bytes32 claim, bytes32 insurer) = (own.quote.claim, own.quote.insurer);
        if (way == Way.Propose) {
            proposals[insurer][claim] = Proposal(own.by, own.quote.version);
        } else if (way == Way.Settle || way == Way.Batch) {
            uint256 amount = way == Way.Batch ? left : own.amount;
            spent(own.quote, amount);
            paid(claim, insurer, ICareSettlement.Payer.Insurer, address(0), amount);
        } else {
            cameIn[own.quote.coin] += own.amount;
            if (way == Way.Share) paid(claim, insurer, ICareSettlement.Payer.Insurer, own.by, own.amount);
            if (way == Way.CoPay) paid(claim, insurer, ICareSettlement.Payer.Patient, own.by, own.amount);
            if (way == Way.Permit) paid(claim, insurer, ICareSettlement.Payer.Patient, actor(7), own.amount);
            if (way == Way.Assistance) paid(claim, insurer, ICareSettlement.Payer.Assistance, own.by, own.amount);
        }
    }

    function _call(Way way, Attempt memory own) private view returns (bytes memory) {
        if (way == Way.Batch) {
            ICareSettlement.Quote[] memory quotes = new ICareSettlement.Quote[](1);
            bytes[] memory signatures = new bytes[](1);
            (quotes[0], signatures[0]) = (own.quote, own.signature);
            return abi.encodeCall(SETTLEMENT.settleBatch, (quotes, signatures));
        }
        if (way == Way.Propose) return abi.encodeCall(SETTLEMENT.propose, (own.quote, own.signature));
        bytes4[7] memory selectors = [
            SETTLEMENT.settle.selector,
            bytes4(0),
            bytes4(0),
            SETTLEMENT.payShare.selector,
            SETTLEMENT.payCoPay.selector,
            bytes4(0),
            SETTLEMENT.payAssistance.selector
        ];
        return abi.encodeWithSelector(selectors[uint8(way)], own.quote, own.signature, own.amount);
    }

    /// @dev Mostly what is known of the claim, or its next version; sometimes with something changed that may not be.
    function _quote(uint8 any, uint64 dice) private view returns (ICareSettlement.Quote memory quote) {
        (quote.claim, quote.insurer) = (claimAt(any), eitherInsurer(dice >> 3));
        ICareSettlement.Bill storage bill = bills[quote.insurer][quote.claim];
        uint256 what = dice % 8;
        bool known = bill.version != 0;
        quote.payee = !known || (dice >> 8) % 16 == 0 ? payeeAt(dice >> 12) : bill.payee;
        quote.coin = !known || (dice >> 13) % 16 == 0 ? coinAt(dice >> 17) : bill.coin;
        quote.version = what == 0 && known ? bill.version - 1 : bill.version + (!known || what > 5 ? 1 : 0);
        bool changes = quote.version > bill.version || (dice >> 20) % 16 == 0;
        bool keeps = known && (!changes || (dice >> 40) % 2 == 0);
        quote.insurerAmount = keeps ? bill.insurerAmount : uint96((dice >> 24) % 2 ** 32);
        quote.patientAmount = keeps ? bill.patientAmount : uint96((dice >> 30) % 2 ** 20);
        if ((dice >> 50) % 16 != 0) {
            quote.insurerAmount -= uint96(quote.insurerAmount % unitOf(quote.coin));
            quote.patientAmount -= uint96(quote.patientAmount % unitOf(quote.coin));
        }
        quote.expires = known && !changes ? bill.expires : uint40(block.timestamp + ((dice >> 44) % 2 ** 18));
    }

    function _sign(ICareSettlement.Quote memory quote, uint256 key) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, SETTLEMENT.quoteDigest(quote));
        return abi.encodePacked(r, s, v);
    }

    function _permitDigest(
        ICareSettlement.CoPayPermit memory permit,
        uint256 deadline
    ) private view returns (bytes32) {
        bytes32 words = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                permit.payer,
                address(SETTLEMENT),
                permit.amount,
                permit.nonce,
                deadline
            )
        );
        return keccak256(abi.encodePacked(hex"1901", COIN.DOMAIN_SEPARATOR(), words));
    }

    /// @dev Mostly who may.
    function _payer(Way way, uint8 who) private pure returns (address) {
        if (who % 4 == 0) return actor(who / 4);
        if (way == Way.Assistance) return actor(8);
        if (way <= Way.Share) return actor(2 + (who % 2));
        return actor(7);
    }

    function _takesEther(Way way) private pure returns (bool) {
        return way == Way.Share || way == Way.CoPay || way == Way.Assistance;
    }

    function _name(Way way) private pure returns (string memory) {
        return
            [
                "a payment from the account",
                "a batch",
                "a proposal",
                "a payment from a wallet",
                "a co-pay",
                "a permit",
                "assistance"
            ][uint8(way)];
    }
}
