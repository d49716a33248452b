// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CareSettlement} from "../src/CareSettlement.sol";
import {ICareSettlement} from "../src/ICareSettlement.sol";
import {SettlementHandler} from "./SettlementHandler.sol";

/// @title What holds after any sequence of calls by anybody: what the model says, and no coin more or less than is on accounts
contract SettlementSequencesTest {
    SettlementHandler private handler;
    CareSettlement private settlement;
    string[18] private kinds = [
        "a payment from the account",
        "a batch",
        "a proposal",
        "a payment from a wallet",
        "a co-pay",
        "a permit",
        "assistance",
        "a release",
        "a refund",
        "a reversal",
        "a withdrawal",
        "a refund's withdrawal",
        "a deposit",
        "funds taken out",
        "limits",
        "a pause",
        "a sweep",
        "a permit of before"
    ];
    mapping(string kind => uint256) private taken;
    mapping(string kind => uint256) private refused;

    function setUp() public {
        handler = new SettlementHandler();
        settlement = handler.SETTLEMENT();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_isWhatTheModelSays() public view {
        require(bytes(handler.broken()).length == 0, handler.broken());
        for (uint256 i = 0; i < 2 * handler.CLAIMS(); ++i)
            _keepsTheClaim(handler.claimAt(i), handler.insurerAt(i / handler.CLAIMS()));
        for (uint256 i = 0; i < 2; ++i) _balances(handler.coinAt(i));
    }

    function _keepsTheClaim(bytes32 claim, bytes32 insurer) private view {
        ICareSettlement.Bill memory bill = settlement.billOf(claim, insurer);
        require(keccak256(abi.encode(bill)) == keccak256(abi.encode(handler.billOf(claim, insurer))), "another bill");
        uint96 mostOwed = handler.mostOwed(insurer, claim);
        require(bill.insurerPaid <= bill.insurerAmount && bill.patientPaid <= mostOwed, "paid too much");
        uint256 unit = handler.unitOf(bill.coin);
        require(bill.insurerPaid % unit == 0 && bill.patientPaid % unit == 0, "a part of a unit is paid");
        uint256 byPayers = 0;
        for (uint256 i = 0; i < handler.ACTORS(); ++i) {
            for (uint8 kind = 1; kind < 3; ++kind) {
                ICareSettlement.Payer payer = ICareSettlement.Payer(kind);
                uint256 own = settlement.paidBy(claim, insurer, payer, handler.actor(i));
                require(own == handler.paidBy(claim, insurer, payer, handler.actor(i)), "another payer");
                byPayers += own;
            }
        }
        require(byPayers == bill.patientPaid, "the payers' sum");
    }

    /// @dev All accounts together are what is held, that is what came in without what went out, and it lies there, with gifts beside it.
    function _balances(address coin) private view {
        uint256 sum = 0;
        for (uint256 i = 0; i < 2; ++i) {
            ICareSettlement.Purse memory purse = settlement.purseOf(handler.insurerAt(i), coin);
            ICareSettlement.Purse memory own = handler.purseOf(handler.insurerAt(i), coin);
            require(keccak256(abi.encode(purse)) == keccak256(abi.encode(own)), "another purse");
            uint256 due = settlement.withdrawableOf(handler.payeeAt(i), coin);
            require(due == handler.withdrawable(handler.payeeAt(i), coin), "another sum to withdraw");
            sum += purse.balance + due;
        }
        for (uint256 i = 0; i < handler.ACTORS(); ++i) {
            uint256 due = settlement.refundableOf(handler.actor(i), coin);
            require(due == handler.refundable(handler.actor(i), coin), "another refund");
            sum += due;
        }
        require(settlement.heldOf(coin) == sum, "held is not what is on accounts");
        require(sum == handler.cameIn(coin) - handler.wentOut(coin), "the books do not balance");
        uint256 lies = coin == address(0) ? address(settlement).balance : handler.COIN().balanceOf(address(settlement));
        require(lies == sum + handler.gifts(coin), "the balance is not what is held");
    }

    /// @notice Sequences without the fuzzer, so that it is known that each thing is tried where it may be and where it may not.
    function test_triesEachThingInEachWay() public {
        for (uint256 round = 0; round < 10; ++round) {
            setUp();
            handler.setLimits(1, 0, 0, 2 ** 40, 2 ** 32 - 1);
            handler.setLimits(1, 0, 1, 2 ** 40, 2 ** 31);
            handler.setLimits(1, 1, 0, 2 ** 33, 2 ** 32 - 1);
            for (uint256 step = 0; step < 300; ++step) _any(uint256(keccak256(abi.encode(round, step))));
            invariant_isWhatTheModelSays();
            for (uint256 i = 0; i < kinds.length; ++i) {
                taken[kinds[i]] += handler.times(kinds[i], true);
                refused[kinds[i]] += handler.times(kinds[i], false);
            }
        }
        for (uint256 i = 0; i < kinds.length; ++i) {
            // The last may never be.
            require(taken[kinds[i]] >= (i < 17 ? 5 : 0), string.concat(kinds[i], " was hardly ever taken"));
            require(refused[kinds[i]] >= 5, string.concat(kinds[i], " was hardly ever refused"));
        }
    }

    function _any(uint256 dice) private {
        uint8[4] memory n = [uint8(dice), uint8(dice >> 8), uint8(dice >> 16), uint8(dice >> 24)];
        (uint64 many, uint96 amount) = (uint64(dice >> 32), uint96(dice >> 128));
        uint256 what = (dice >> 96) % 20;
        if (what < 7) handler.pay(n[0], n[1], n[2], many, amount);
        if (what == 7) handler.pay(n[0], n[1], 2, many, amount);
        if (what == 7 || what == 8) handler.release(n[2], n[1], n[3]);
        if (what == 9) handler.refund(n[0], n[1], n[2], n[3], amount, many % 2 == 0);
        if (what == 10) handler.reverse(n[0] % 4 == 0 ? 8 * (n[1] % 32) : 1, n[1], n[2]);
        if (what == 11) handler.withdraw(n[0], n[1], n[2], amount);
        if (what == 12) handler.withdrawRefund(n[0], n[1], n[2]);
        if (what == 13 || what == 14) handler.deposit(n[0], n[1], n[2], many >> 24, n[3]);
        if (what == 15) handler.withdrawFunds(n[0], n[1], n[2], amount);
        if (what == 16) handler.setLimits(n[0], n[1], n[2], many >> 20, uint32(many));
        if (what == 17) handler.pause(n[0]);
        if (what == 18) handler.gift(n[0], uint32(many));
        if (what == 18) handler.sweep(n[1], n[2]);
        if (what == 19) handler.replay(n[0]);
        if (what == 19) handler.wait(uint16(many));
    }
}
