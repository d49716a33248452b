// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC5192} from "./IERC5192.sol";

/// @title A locked token for each prescription on the health ledgers
/// @notice The Fabric care channel decides about a prescription; the token lets anybody who was given the prescription
/// check on a public chain who issued it, and lets nobody else learn what it is about. Nothing here names a medicine or
/// a patient: the identifier is a hash of a random identifier, the commitment is salted, the holder is a one-time address.
interface IPrescriptionToken is IERC5192 {
    /// @notice What is left to do with a prescription. A state never goes back to an earlier one.
    /// @dev `Active`: nothing dispensed. `Partial`: something dispensed, something left. `Dispensed`: nothing more will be
    /// dispensed (completed or closed short). `Cancelled`: withdrawn by its author. The last two are terminal.
    enum State {
        Active,
        Partial,
        Dispensed,
        Cancelled
    }

    /// @notice A prescription as this chain knows it.
    /// @param issuer Account of the prescriber who minted the token.
    /// @param holder One-time address derived from the secret of this prescription.
    /// @param commitment Commitment to the salted hash tree over the fields of the FHIR MedicationRequest.
    /// @param expires Unix time in seconds from which it can no longer be accepted.
    /// @param state The state that the notaries attested last.
    /// @param version Version of the Fabric state that was attested last; zero before the first attestation.
    struct Prescription {
        address issuer;
        address holder;
        bytes32 commitment;
        uint64 expires;
        State state;
        uint64 version;
    }

    /// @notice A prescriber's licence, as the registrar put it on this chain. An entry is never changed; a newer one of the same
    /// prescriber takes its place.
    /// @param prescriber Account that may issue under it, as long as it has the prescriber role too.
    /// @param validFrom Unix time in seconds at which the registrar put it here.
    /// @param validTo Unix time in seconds after which nothing is issued under it.
    /// @param licenceHash sha256 of the licence as the `registry` channel has it.
    struct Licence {
        address prescriber;
        uint40 validFrom;
        uint40 validTo;
        bytes32 licenceHash;
    }

    /// @notice What a prescriber signs (EIP-712), for anybody to bring to this chain.
    /// @param tokenId uint256(keccak256(prescription id in UTF-8)).
    /// @param holder One-time address derived from the secret of this prescription.
    /// @param commitment Commitment to the salted hash tree over the fields of the FHIR MedicationRequest.
    /// @param expires Unix time in seconds from which it can no longer be accepted.
    /// @param deadline Unix time in seconds after which the signature is void.
    struct Issue {
        uint256 tokenId;
        address holder;
        bytes32 commitment;
        uint64 expires;
        uint64 deadline;
    }

    /// @notice What a notary signs (EIP-712) after it has read its own organisation's peer.
    /// @param tokenId The token.
    /// @param channel keccak256 of the Fabric channel's name in UTF-8.
    /// @param blockHash Hash of the header of the block in which the version was committed: the same on every peer.
    /// @param state A `State` as number; a value that is none is refused by `UnknownState`.
    /// @param version Version of the Fabric state; rises with every change of the prescription.
    /// @param deadline Unix time in seconds after which the attestation is void.
    struct Attestation {
        uint256 tokenId;
        bytes32 channel;
        bytes32 blockHash;
        uint8 state;
        uint64 version;
        uint64 deadline;
    }

    /// @notice The registrar put a prescriber's licence on this chain.
    event PrescriberLicensed(
        address indexed prescriber,
        uint256 indexed licence,
        bytes32 indexed licenceHash,
        uint64 validTo
    );

    /// @notice A prescriber issued a token under that licence.
    event PrescriptionMinted(
        uint256 indexed tokenId,
        address indexed issuer,
        uint256 indexed licence,
        bytes32 commitment,
        uint64 expires
    );

    /// @notice Enough notaries attested a newer state of the prescription.
    event PrescriptionStateRecorded(
        uint256 indexed tokenId,
        State indexed state,
        uint64 version,
        bytes32 channel,
        bytes32 blockHash
    );

    /// @notice The number of distinct notaries that an attestation needs was set.
    event NotaryThresholdChanged(uint256 threshold);

    /// @notice There is a token for this prescription already.
    error TokenExists(uint256 tokenId);

    /// @notice A token is held by a one-time address, which cannot be zero.
    error ZeroHolder();

    /// @notice A commitment of zero opens to nothing.
    error EmptyCommitment();

    /// @notice The prescriber has the role and no licence that is in force.
    error NotLicensed(address prescriber);

    /// @notice A licence must end later than now, and at a time that fits.
    error LicenceNotAhead(uint64 validTo);

    /// @notice The time to use this prescriber's signature has passed.
    error IssueExpired(uint256 tokenId, uint64 deadline);

    /// @notice There is not one signature, or list of signatures, for each entry.
    error UnequalLengths(uint256 entries, uint256 signatures);

    /// @notice The prescription would be expired at once.
    error ExpiryNotAhead(uint64 expires);

    /// @notice A prescription belongs to one patient; its token cannot be transferred.
    error TokenLocked(uint256 tokenId);

    /// @notice Nobody can be approved to transfer what cannot be transferred.
    error ApprovalsDisabled();

    /// @notice The time to use this attestation has passed.
    error AttestationExpired(uint64 deadline);

    /// @notice The number is no `State`.
    error UnknownState(uint8 state);

    /// @notice A newer or equal version of the prescription is recorded already.
    error VersionNotRising(uint256 tokenId, uint64 recorded, uint64 given);

    /// @notice The prescription ended; nothing can follow.
    error TerminalState(uint256 tokenId, State state);

    /// @notice A state never goes back to an earlier one.
    error StateNotReachable(State recorded, State given);

    /// @notice Fewer signatures than the threshold.
    error TooFewNotaries(uint256 given, uint256 required);

    /// @notice The signature is by an account that is no notary, or is over something else than this attestation for this contract on this chain.
    error UnknownNotary(address signer);

    /// @notice One notary counts once.
    error DuplicateNotary(address signer);

    /// @notice The threshold must be at least one and at most the number of notaries.
    error ThresholdOutOfRange(uint256 threshold, uint256 notaries);

    /// @notice Makes an account a licensed prescriber: grants the role and puts the licence on this chain.
    /// @dev Only the registrar. The role alone is taken by `revokeRole`, and given back by this function.
    /// @param prescriber The account.
    /// @param licenceHash sha256 of the licence as the `registry` channel has it.
    /// @param validTo Unix time in seconds after which nothing is issued under it.
    function license(address prescriber, bytes32 licenceHash, uint64 validTo) external;

    /// @notice Mints the token of a prescription.
    /// @dev Only an account with the prescriber role and a licence in force.
    /// @param tokenId uint256(keccak256(prescription id in UTF-8)).
    /// @param holder One-time address derived from the secret of this prescription.
    /// @param commitment Commitment to the salted hash tree over the fields of the FHIR MedicationRequest.
    /// @param expires Unix time in seconds from which it can no longer be accepted.
    function mint(uint256 tokenId, address holder, bytes32 commitment, uint64 expires) external;

    /// @notice Mints the tokens that prescribers have signed. Anybody may bring them: the signers must have role and licence.
    /// @dev All or none: whoever brings a batch asks the chain for each entry before.
    /// @param issues What the prescribers signed.
    /// @param signatures 65 bytes for each.
    function mintBatch(Issue[] calldata issues, bytes[] calldata signatures) external;

    /// @notice Records the state of a prescription on the ledgers. Anybody may bring it: the notaries' signatures count.
    /// @param attestation What the notaries signed.
    /// @param signatures 65 bytes each, in any order, all of distinct notaries.
    function recordState(Attestation calldata attestation, bytes[] calldata signatures) external;

    /// @notice Records the states of many prescriptions, all or none.
    /// @param attestations What the notaries signed.
    /// @param signatures For each the notaries' signatures.
    function recordStates(Attestation[] calldata attestations, bytes[][] calldata signatures) external;

    /// @notice Sets how many distinct notaries an attestation needs.
    /// @dev Only the default admin.
    /// @param threshold At least one and at most `notaryCount()`.
    function setNotaryThreshold(uint256 threshold) external;

    /// @notice What this chain knows of a prescription; reverts where there is no token.
    /// @param tokenId The token.
    function prescriptionOf(uint256 tokenId) external view returns (Prescription memory);

    /// @notice The licence under which a token was issued; reverts where there is no token.
    /// @param tokenId The token.
    function licenceOf(uint256 tokenId) external view returns (Licence memory);

    /// @notice The licence of a prescriber that was put on this chain last; all zero where there is none.
    /// @param prescriber The account.
    function licenceOfPrescriber(address prescriber) external view returns (Licence memory);

    /// @notice Whether there is a token for a prescription.
    /// @param tokenId The token.
    function exists(uint256 tokenId) external view returns (bool);

    /// @notice The number of distinct notaries that an attestation needs.
    function notaryThreshold() external view returns (uint256);

    /// @notice The number of accounts with the notary role.
    function notaryCount() external view returns (uint256);

    /// @notice The EIP-712 digest that a notary signs.
    /// @param attestation The attestation.
    function attestationDigest(Attestation calldata attestation) external view returns (bytes32);

    /// @notice The EIP-712 digest that a prescriber signs.
    /// @param issue The issue.
    function issueDigest(Issue calldata issue) external view returns (bytes32);
}
