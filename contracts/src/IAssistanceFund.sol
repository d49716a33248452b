// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICareSettlement} from "./ICareSettlement.sol";

/// @title A fund that pays patients' shares for those who qualify
/// @notice Donors give, an officer grants within rules, and what is granted is paid to the claim it was granted for and nowhere else.
/// A beneficiary is known here by a blinded number alone, a claim by its reference.
interface IAssistanceFund {
    /// @notice What officers are held to.
    /// @param perGrant The most that one grant is of.
    /// @param perBeneficiary The most that one beneficiary is granted in a period.
    /// @param perPeriod The most that is granted in a period.
    /// @param period Its length in seconds; periods are counted from 1970.
    /// @param grantLife The longest time for which a grant stands, in seconds.
    struct Rules {
        uint128 perGrant;
        uint128 perBeneficiary;
        uint128 perPeriod;
        uint40 period;
        uint40 grantLife;
    }

    /// @notice What stands granted for a claim.
    /// @param insurer Whose quote says what is paid, keccak256 of its identifier.
    /// @param payee Who may be paid by it, likewise.
    /// @param beneficiary Blinded number of who is helped.
    /// @param left What is not paid of it yet.
    /// @param deadline Unix time in seconds after which nothing is paid by it.
    /// @param inPeriod The period to whose budget it counts.
    struct Grant {
        bytes32 insurer;
        bytes32 payee;
        bytes32 beneficiary;
        uint128 left;
        uint40 deadline;
        uint40 inPeriod;
    }

    event Given(bytes32 indexed tag, uint256 amount);
    event Granted(bytes32 indexed claim, bytes32 indexed payee, uint256 amount, uint40 deadline);
    event GrantPaid(bytes32 indexed claim, uint256 amount);
    event GrantEnded(bytes32 indexed claim, uint256 amount);
    event RulesSet(Rules rules);
    event RefundTaken(uint256 amount);
    event HandedOver(address indexed to, uint256 amount);

    error ZeroAddress();
    error NothingGiven();
    error NoPeriod();

    /// @notice Another amount arrived than was given.
    error AmountNotReceived(uint256 expected, uint256 measured);

    error GrantExists(bytes32 claim);
    error NoGrant(bytes32 claim);
    error DeadlineRefused(uint40 deadline);
    error AboveGrantLimit(uint256 most, uint256 amount);
    error AboveBeneficiaryLimit(uint256 left, uint256 amount);
    error AboveBudget(uint256 left, uint256 amount);

    /// @notice The fund has less that is not granted.
    error TooLittleFunds(uint256 left, uint256 amount);

    error GrantOver(bytes32 claim, uint40 deadline);
    error OtherInsurer(bytes32 claim, bytes32 granted, bytes32 quoted);
    error OtherPayee(bytes32 claim, bytes32 granted, bytes32 quoted);
    error OtherCoin(address coin);

    /// @notice Nothing of the patient's share is left to be paid.
    error NothingOwed(bytes32 claim);

    /// @notice Who is no officer ends a grant only after its deadline.
    error GrantStands(bytes32 claim, uint40 deadline);

    /// @notice Gives coins. A tag is whatever the donor wants to find the gift by, or zero; names are not kept here.
    function give(uint128 amount, bytes32 tag) external;

    /// @notice Sets the rules for what is granted from now on. Only the admin.
    function setRules(Rules calldata wanted) external;

    /// @notice Grants help with the patient's share of a claim. Only an officer.
    function grant(
        bytes32 claim,
        bytes32 insurer,
        bytes32 payee,
        bytes32 beneficiary,
        uint128 amount,
        uint40 deadline
    ) external;

    /// @notice Pays what is granted for a claim, as far as the patient's share is open. Anybody may bring the insurer's quote.
    function pay(ICareSettlement.Quote calldata quote, bytes calldata signature) external returns (uint256 amount);

    /// @notice Ends a grant: its officer at any time, anybody after its deadline. What is left of it can be granted anew.
    function endGrant(bytes32 claim) external;

    /// @notice Takes in what payees gave back. Anybody may bring it about.
    function takeRefund() external;

    /// @notice Hands what is not granted to a successor. Only the admin.
    function handOver(address to, uint256 amount) external;

    function rules() external view returns (Rules memory);
    function grantOf(bytes32 claim) external view returns (Grant memory);

    /// @notice What a donor sees: all that was given and paid, what is granted and not paid yet, and what is left to grant.
    function books() external view returns (uint256 given, uint256 granted, uint256 paid, uint256 left);

    /// @notice What was given under a tag.
    function givenUnder(bytes32 tag) external view returns (uint256);

    /// @notice What counts to the budget of a period, in all and for one beneficiary.
    function grantedIn(uint40 period, bytes32 beneficiary) external view returns (uint256 all, uint256 own);
}
