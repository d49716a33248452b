// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICareSettlement} from "../src/ICareSettlement.sol";
import {Signing, vm} from "./Signing.sol";
import {SettlementModel} from "./SettlementModel.sol";

/// @title All that is done with claims and accounts beside paying, at random and by anybody
abstract contract SettlementOffice is SettlementModel {
    struct Try {
        bytes32 claim;
        bytes32 insurer;
        ICareSettlement.Payer kind;
        address payer;
        address by;
        uint96 amount;
        bool fromWallet;
        uint256 value;
    }

    function refund(uint8 who, uint8 any, uint8 kind, uint8 payer, uint96 amount, bool fromWallet) external {
        Try memory own;
        (own.claim, own.insurer) = (claimAt(any), eitherInsurer(any / CLAIMS));
        (own.kind, own.payer) = (ICareSettlement.Payer(kind % 3), actor(payer));
        ICareSettlement.Bill storage bill = bills[own.insurer][own.claim];
        own.by = who % 4 == 0 ? actor(who) : payout(bill.payee);
        if (payer % 2 == 0) own.payer = own.kind == ICareSettlement.Payer.Assistance ? actor(8) : actor(7);
        own.fromWallet = fromWallet;
        bool insurers = own.kind == ICareSettlement.Payer.Insurer;
        uint256 most = insurers ? bill.insurerPaid : paidBy(own.claim, own.insurer, own.kind, own.payer);
        own.amount = uint96(amount % 8 == 0 ? most : amount % (most + 2));
        if (amount % 32 > 2 && own.amount != most) own.amount -= uint96(own.amount % unitOf(bill.coin));
        if (bill.coin == address(0) && fromWallet) own.value = own.amount;
        if (amount % 16 == 5) own.value += 1;
        bool may = bill.payee != 0 && own.by == payout(bill.payee) && own.amount > 0 && own.amount <= most;
        if (!fromWallet && withdrawable[bill.payee][bill.coin] < own.amount) may = false;
        if (own.amount != most && !isWhole(bill.coin, own.amount)) may = false;
        if (own.value != (fromWallet && bill.coin == address(0) ? own.amount : 0)) may = false;
        vm.prank(own.by);
        try
            SETTLEMENT.refund{value: own.value}(
                own.claim,
                own.insurer,
                own.kind,
                own.payer,
                own.amount,
                own.fromWallet
            )
        {
            compare("a refund", may, true);
            _refunded(own, bill);
        } catch {
            compare("a refund", may, false);
        }
    }

    function reverse(uint8 any, uint8 insurer, uint8 flaw) external {
        // Rarely, or nothing could be paid any more.
        if (any % 8 != 0) return;
        bytes32 claim = claimAt(any / 8);
        bytes32 by = eitherInsurer(insurer);
        bool signed = flaw % 4 != 0;
        bytes32 digest = SETTLEMENT.reversalDigest(claim, by);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(signed ? signerKey(by) : keyOf(flaw), digest);
        bool may = signed && !bills[by][claim].reversed;
        vm.prank(actor(flaw));
        try SETTLEMENT.reverse(claim, by, abi.encodePacked(r, s, v)) {
            compare("a reversal", may, true);
            (bills[by][claim].insurer, bills[by][claim].reversed) = (by, true);
        } catch {
            compare("a reversal", may, false);
        }
    }

    function withdraw(uint8 who, uint8 any, uint8 which, uint96 amount) external {
        (bytes32 payee, address coin) = (payeeAt(any), coinAt(which % 2));
        address by = who % 4 == 0 ? actor(who) : payout(payee);
        uint256 most = withdrawable[payee][coin];
        uint256 wanted = amount % 4 == 0 ? most : amount % (most + 2);
        bool may = by == payout(payee) && wanted <= most;
        uint256 before = _wealth(by, coin);
        vm.prank(by);
        try SETTLEMENT.withdraw(payee, coin, wanted) {
            compare("a withdrawal", may, true);
            withdrawable[payee][coin] -= wanted;
            _went(by, coin, wanted, before);
        } catch {
            compare("a withdrawal", may, false);
        }
    }

    function withdrawRefund(uint8 who, uint8 any, uint8 which) external {
        (address payer, address coin) = (any % 2 == 0 ? actor(7) : actor(any), coinAt(which % 2));
        uint256 most = refundable[payer][coin];
        uint256 before = _wealth(payer, coin);
        vm.prank(actor(who));
        try SETTLEMENT.withdrawRefund(payer, coin) {
            compare("a refund's withdrawal", most > 0, true);
            refundable[payer][coin] = 0;
            _went(payer, coin, most, before);
        } catch {
            compare("a refund's withdrawal", most > 0, false);
        }
    }

    function deposit(uint8 who, uint8 any, uint8 which, uint64 amount, uint8 wrong) external {
        (bytes32 insurer, address coin) = (insurerAt(any), coinAt(which));
        uint256 value = (coin == address(0) ? uint256(amount) : 0) + (wrong % 8 == 0 ? 1 : 0);
        bool may = !paused && coin != address(0xbad) && wrong % 8 != 0;
        vm.prank(actor(who));
        try SETTLEMENT.deposit{value: value}(insurer, coin, amount) {
            compare("a deposit", may, true);
            purses[insurer][coin].balance += amount;
            cameIn[coin] += amount;
        } catch {
            compare("a deposit", may, false);
        }
    }

    function withdrawFunds(uint8 who, uint8 any, uint8 which, uint128 amount) external {
        (bytes32 insurer, address coin) = (insurerAt(any), coinAt(which % 2));
        address by = who % 4 == 0 ? actor(who) : actor(1);
        uint128 most = purses[insurer][coin].balance;
        uint128 wanted = amount % (most / 4 + 2);
        if (who % 8 == 7) wanted = most + 1;
        bool may = by == actor(1) && wanted <= most;
        uint256 before = _wealth(by, coin);
        vm.prank(by);
        try SETTLEMENT.withdrawFunds(insurer, coin, wanted) {
            compare("funds taken out", may, true);
            purses[insurer][coin].balance -= wanted;
            _went(by, coin, wanted, before);
        } catch {
            compare("funds taken out", may, false);
        }
    }

    function setLimits(uint8 who, uint8 any, uint8 which, uint64 perDay, uint32 releaseAbove) external {
        (bytes32 insurer, address coin) = (insurerAt(any), coinAt(which % 2));
        address by = who % 4 == 0 ? actor(who) : actor(1);
        vm.prank(by);
        try SETTLEMENT.setLimits(insurer, coin, perDay, releaseAbove) {
            compare("limits", by == actor(1), true);
            (purses[insurer][coin].perDay, purses[insurer][coin].releaseAbove) = (perDay, releaseAbove);
        } catch {
            compare("limits", by == actor(1), false);
        }
    }

    /// @notice Short pauses, so that most is tried while there is none.
    function pause(uint8 who) external {
        address by = who % 2 == 0 ? actor(0) : actor(who);
        bool wanted = !paused && who % 4 == 0;
        vm.prank(by);
        (bool did, ) = address(SETTLEMENT).call(
            wanted ? abi.encodeCall(SETTLEMENT.pause, ()) : abi.encodeCall(SETTLEMENT.unpause, ())
        );
        compare("a pause", by == actor(0) && wanted != paused, did);
        if (did) paused = wanted;
    }

    /// @notice Coins and ether that somebody sends by mistake, and who takes them out.
    function gift(uint8 which, uint32 amount) external {
        if (which % 2 == 0) {
            COIN.mint(address(SETTLEMENT), amount);
        } else {
            // As a block's reward would come, which asks no contract.
            vm.deal(address(SETTLEMENT), address(SETTLEMENT).balance + amount);
        }
        gifts[coinAt(which % 2)] += amount;
    }

    function sweep(uint8 who, uint8 which) external {
        address by = who % 2 == 0 ? actor(0) : actor(who);
        address coin = coinAt(which % 2);
        uint256 before = _wealth(actor(9), coin);
        vm.prank(by);
        try SETTLEMENT.sweep(coin, actor(9)) {
            compare("a sweep", by == actor(0), true);
            if (_wealth(actor(9), coin) - before != gifts[coin] && bytes(broken).length == 0)
                broken = "a sweep took something else";
            gifts[coin] = 0;
        } catch {
            compare("a sweep", by == actor(0), false);
        }
    }

    function wait(uint16 time) external {
        vm.warp(block.timestamp + time);
    }

    function _refunded(Try memory own, ICareSettlement.Bill storage bill) private {
        if (own.fromWallet) cameIn[bill.coin] += own.amount;
        else withdrawable[bill.payee][bill.coin] -= own.amount;
        if (own.kind == ICareSettlement.Payer.Insurer) {
            bill.insurerPaid -= own.amount;
            purses[bill.insurer][bill.coin].balance += own.amount;
            return;
        }
        givenBack(own.claim, own.insurer, own.kind, own.payer, own.amount);
        refundable[own.payer][bill.coin] += own.amount;
    }

    function _went(address to, address coin, uint256 amount, uint256 before) private {
        wentOut[coin] += amount;
        if (_wealth(to, coin) != before + amount && bytes(broken).length == 0) broken = "another amount arrived";
    }

    function _wealth(address account, address coin) private view returns (uint256) {
        return coin == address(0) ? account.balance : COIN.balanceOf(account);
    }
}
