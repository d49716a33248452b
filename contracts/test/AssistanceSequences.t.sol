// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AssistanceFund} from "../src/AssistanceFund.sol";
import {ICareSettlement} from "../src/ICareSettlement.sol";
import {AssistanceHandler} from "./AssistanceHandler.sol";

/// @title What holds of the fund after any sequence of gifts, grants, payments and refunds
contract AssistanceSequencesTest {
    AssistanceHandler private handler;
    AssistanceFund private fund;

    function setUp() public {
        handler = new AssistanceHandler();
        fund = handler.FUND();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_everyCoinIsGivenGrantedPaidOrLeft() public view {
        require(bytes(handler.broken()).length == 0, handler.broken());
        (uint256 given, uint256 granted, uint256 paid, uint256 left) = fund.books();
        require(given == handler.given() && paid == handler.paid(), "what was given or paid");
        uint256 open = 0;
        uint256 atPayees = handler.SETTLEMENT().refundableOf(address(fund), address(handler.COIN()));
        for (uint256 i = 0; i < handler.CLAIMS(); ++i) {
            require(fund.grantOf(handler.claimAt(i)).left == handler.granted(i), "another grant");
            open += handler.granted(i);
            atPayees += handler.SETTLEMENT().paidBy(
                handler.claimAt(i),
                handler.INSURER(),
                ICareSettlement.Payer.Assistance,
                address(fund)
            );
        }
        require(granted == open, "the grants' sum");
        require(paid == atPayees, "what was paid is not where it went");
        require(handler.COIN().balanceOf(address(fund)) == granted + left, "a coin is neither granted nor left");
        require(given == granted + left + paid + handler.handedOver(), "the books do not balance");
        uint40 period = uint40(block.timestamp / 1 days);
        for (uint256 i = 0; i < handler.BENEFICIARIES(); ++i) {
            (uint256 all, uint256 own) = fund.grantedIn(period, handler.beneficiaryAt(i));
            require(all == handler.usedIn(period) && own == handler.used(period, i), "another budget");
            require(all <= 1500 && own <= 900, "beyond the rules");
        }
    }

    /// @notice Sequences without the fuzzer, so that it is known that each thing is done.
    function test_doesEachThing() public {
        for (uint256 step = 0; step < 600; ++step) {
            uint256 dice = uint256(keccak256(abi.encode(step)));
            (uint8 any, uint8 whom, uint16 amount) = (uint8(dice), uint8(dice >> 8), uint16(dice >> 16));
            uint256 what = (dice >> 64) % 8;
            if (what == 0) handler.give(amount);
            if (what == 1 || what == 2) handler.grant(any, whom, amount, uint24(dice >> 32));
            if (what == 3) handler.pay(any, amount);
            if (what == 4) handler.end(any);
            if (what == 5) handler.refund(any, amount);
            if (what == 6) handler.handOver(amount);
            if (what == 7) handler.wait(amount);
        }
        invariant_everyCoinIsGivenGrantedPaidOrLeft();
        string[6] memory kinds = ["a gift", "a grant", "a payment", "an end", "a refund", "a hand-over"];
        for (uint256 i = 0; i < 6; ++i)
            require(handler.times(kinds[i]) >= 5, string.concat(kinds[i], " was hardly ever taken"));
    }
}
