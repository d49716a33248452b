// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AssistanceFund} from "../src/AssistanceFund.sol";
import {IAssistanceFund} from "../src/IAssistanceFund.sol";
import {CareSettlement} from "../src/CareSettlement.sol";
import {ICareSettlement} from "../src/ICareSettlement.sol";
import {TestCoin} from "../src/TestCoin.sol";
import {vm} from "./Signing.sol";

/// @title Gives, grants, pays and gives back at random, in every role itself, and remembers the sums
/// @dev Target of the invariant tests of the fund. It is admin, officer, donor, payee and insurer at once: who may do what is tried elsewhere.
contract AssistanceHandler {
    uint256 public constant CLAIMS = 6;
    uint256 public constant BENEFICIARIES = 3;
    bytes32 public constant INSURER = keccak256("insurer");
    bytes32 private constant PAYEE = keccak256("payee");
    uint256 private constant SIGNER = 0x51;

    CareSettlement public immutable SETTLEMENT;
    AssistanceFund public immutable FUND;
    TestCoin public immutable COIN;
    mapping(uint256 claim => uint256) public granted;
    mapping(uint40 period => mapping(uint256 beneficiary => uint256)) private _used;
    mapping(uint40 period => uint256) public usedIn;
    mapping(uint256 claim => uint40) private _period;
    mapping(uint256 claim => uint256) private _beneficiary;
    uint256 public given;
    uint256 public paid;
    uint256 public back;
    uint256 public handedOver;
    string public broken;
    /// @notice How often each thing was taken.
    mapping(string what => uint256) public times;

    constructor() {
        CareSettlement settlement = new CareSettlement(address(this));
        TestCoin coin = new TestCoin();
        AssistanceFund fund = new AssistanceFund(address(this), settlement, IERC20(address(coin)));
        (SETTLEMENT, COIN, FUND) = (settlement, coin, fund);
        settlement.grantRole(settlement.PAYEE_REGISTRAR_ROLE(), address(this));
        settlement.grantRole(settlement.INSURER_REGISTRAR_ROLE(), address(this));
        settlement.grantRole(settlement.ASSISTANCE_ROLE(), address(fund));
        settlement.allowCoin(address(coin), 1);
        settlement.setPayee(PAYEE, address(this));
        settlement.setTreasurer(INSURER, address(this));
        settlement.setSigner(INSURER, vm.addr(SIGNER));
        fund.grantRole(fund.OFFICER_ROLE(), address(this));
        fund.setRules(IAssistanceFund.Rules(500, 900, 1500, 1 days, 2 days));
        coin.mint(address(this), 2 ** 100);
        coin.approve(address(fund), type(uint256).max);
    }

    function claimAt(uint256 any) public pure returns (bytes32) {
        return keccak256(abi.encode("claim", any % CLAIMS));
    }

    function beneficiaryAt(uint256 any) public pure returns (bytes32) {
        return keccak256(abi.encode("beneficiary", any % BENEFICIARIES));
    }

    function give(uint16 amount) external {
        if (amount == 0) return;
        FUND.give(amount, bytes32(uint256(amount % 3)));
        given += amount;
        ++times["a gift"];
    }

    function grant(uint8 any, uint8 whom, uint16 amount, uint24 life) external {
        (, , , uint256 left) = FUND.books();
        (uint256 claim, uint256 who) = (any % CLAIMS, whom % BENEFICIARIES);
        uint256 wanted = amount % 600;
        uint40 deadline = uint40(block.timestamp + (life % 3 days));
        uint40 period = uint40(block.timestamp / 1 days);
        bool may = granted[claim] == 0 && FUND.grantOf(claimAt(claim)).deadline == 0 && wanted > 0 && wanted <= left;
        may = may && wanted <= 500 && _used[period][who] + wanted <= 900 && usedIn[period] + wanted <= 1500;
        may = may && deadline > block.timestamp && deadline <= block.timestamp + 2 days;
        try FUND.grant(claimAt(claim), INSURER, PAYEE, beneficiaryAt(who), uint128(wanted), deadline) {
            _compare("a grant", may, true);
            (granted[claim], _period[claim], _beneficiary[claim]) = (wanted, period, who);
            _used[period][who] += wanted;
            usedIn[period] += wanted;
        } catch {
            _compare("a grant", may, false);
        }
    }

    function pay(uint8 any, uint16 share) external {
        uint256 claim = any % CLAIMS;
        ICareSettlement.Quote memory quote;
        ICareSettlement.Bill memory bill = SETTLEMENT.billOf(claimAt(claim), INSURER);
        (quote.claim, quote.insurer, quote.payee, quote.coin) = (claimAt(claim), INSURER, PAYEE, address(COIN));
        (quote.version, quote.expires) = (bill.version + 1, uint40(block.timestamp + 1));
        quote.patientAmount = bill.patientPaid + (share % 400);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(SIGNER, SETTLEMENT.quoteDigest(quote));
        uint256 owed = share % 400;
        uint256 most = owed < granted[claim] ? owed : granted[claim];
        bool may = most > 0 && block.timestamp <= FUND.grantOf(quote.claim).deadline;
        try FUND.pay(quote, abi.encodePacked(r, s, v)) returns (uint256 amount) {
            _compare("a payment", may && amount == most, true);
            granted[claim] -= amount;
            paid += amount;
        } catch {
            _compare("a payment", may, false);
        }
    }

    function end(uint8 any) external {
        uint256 claim = any % CLAIMS;
        bool may = FUND.grantOf(claimAt(claim)).deadline != 0;
        try FUND.endGrant(claimAt(claim)) {
            _compare("an end", may, true);
            _used[_period[claim]][_beneficiary[claim]] -= granted[claim];
            usedIn[_period[claim]] -= granted[claim];
            granted[claim] = 0;
        } catch {
            _compare("an end", may, false);
        }
    }

    function refund(uint8 any, uint16 amount) external {
        bytes32 claim = claimAt(any);
        uint256 most = SETTLEMENT.paidBy(claim, INSURER, ICareSettlement.Payer.Assistance, address(FUND));
        if (most == 0) return;
        SETTLEMENT.refund(
            claim,
            INSURER,
            ICareSettlement.Payer.Assistance,
            address(FUND),
            uint96(1 + (amount % most)),
            false
        );
        uint256 due = SETTLEMENT.refundableOf(address(FUND), address(COIN));
        if (amount % 3 == 0) return;
        FUND.takeRefund();
        (paid, back) = (paid - due, back + due);
        ++times["a refund"];
    }

    function handOver(uint16 amount) external {
        (, , , uint256 left) = FUND.books();
        if (left == 0) return;
        uint256 wanted = amount % (left / 8 + 2);
        bool may = wanted <= left;
        try FUND.handOver(address(0xdead), wanted) {
            _compare("a hand-over", may, true);
            handedOver += wanted;
        } catch {
            _compare("a hand-over", may, false);
        }
    }

    function wait(uint16 time) external {
        vm.warp(block.timestamp + time);
    }

    function used(uint40 period, uint256 beneficiary) external view returns (uint256) {
        return _used[period][beneficiary];
    }

    function _compare(string memory what, bool may, bool did) private {
        if (did) ++times[what];
        if (may != did && bytes(broken).length == 0) broken = string.concat(what, did ? " was taken" : " was refused");
    }
}
