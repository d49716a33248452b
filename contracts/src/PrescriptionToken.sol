// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC5192} from "./IERC5192.sol";
import {IPrescriptionToken} from "./IPrescriptionToken.sol";

/// @title PrescriptionToken
/// @notice ERC-721, locked for ever by ERC-5192. A licensed prescriber mints a token, or signs it for somebody who brings many at
/// once; its state follows the Fabric care channel through attestations signed by a threshold of notaries, each of which reads
/// a peer of its own organisation.
/// @dev Roles: `DEFAULT_ADMIN_ROLE` appoints registrars and notaries; `REGISTRAR_ROLE` licenses prescribers and takes
/// `PRESCRIBER_ROLE` from them, following the licences on the `registry` channel. No role can change or move a token that exists.
contract PrescriptionToken is ERC721, AccessControl, EIP712, IPrescriptionToken {
    /// @notice Grants and revokes the prescriber role.
    bytes32 public constant REGISTRAR_ROLE = keccak256("REGISTRAR_ROLE");

    /// @notice Mints tokens.
    bytes32 public constant PRESCRIBER_ROLE = keccak256("PRESCRIBER_ROLE");

    /// @notice Signs attestations of the Fabric state.
    bytes32 public constant NOTARY_ROLE = keccak256("NOTARY_ROLE");

    /// @notice EIP-712 type hash of an attestation.
    bytes32 public constant ATTESTATION_TYPEHASH =
        keccak256(
            "Attestation(uint256 tokenId,bytes32 channel,bytes32 blockHash,uint8 state,uint64 version,uint64 deadline)"
        );

    /// @notice EIP-712 type hash of what a prescriber signs.
    bytes32 public constant ISSUE_TYPEHASH =
        keccak256("Issue(uint256 tokenId,address holder,bytes32 commitment,uint64 expires,uint64 deadline)");

    /// @dev The same for every token, so that it tells nothing. The JSON is: {"name":"Medloom prescription","description":
    /// "A prescription issued by a licensed prescriber. It cannot be transferred and discloses neither medicine nor patient."}
    string private constant METADATA =
        "data:application/json;base64,eyJuYW1lIjoiTWVkbG9vbSBwcmVzY3JpcHRpb24iLCJkZXNjcmlwdGlvbiI6IkEgcHJlc2NyaXB0aW9uIGlzc3VlZCBieSBhIGxpY2Vuc2VkIHByZXNjcmliZXIuIEl0IGNhbm5vdCBiZSB0cmFuc2ZlcnJlZCBhbmQgZGlzY2xvc2VzIG5laXRoZXIgbWVkaWNpbmUgbm9yIHBhdGllbnQuIn0=";

    /// @dev Two slots. The first is all that changes: an attestation writes it and nothing else. It is also where ERC-721 finds the
    /// owner. The licence's number stands for the issuer.
    struct Entry {
        address holder;
        uint32 expires;
        uint24 version;
        State state;
        uint32 licence;
        bytes32 commitment;
    }

    mapping(uint256 tokenId => Entry) private _entries;
    mapping(uint256 number => Licence) private _licences;
    mapping(address prescriber => uint32 number) private _licenceNumber;
    uint32 private _lastLicence;
    uint256 private _threshold;
    uint256 private _notaries;

    /// @notice Deploys the contract with its first officers.
    /// @param admin Appoints registrars and notaries.
    /// @param registrar Grants the prescriber role.
    /// @param notaries Accounts of the organisations' notaries, all distinct.
    /// @param threshold How many of them an attestation needs.
    constructor(
        address admin,
        address registrar,
        address[] memory notaries,
        uint256 threshold
    ) ERC721("Medloom prescription", "MEDRX") EIP712("Medloom PrescriptionToken", "2") {
        _setRoleAdmin(PRESCRIBER_ROLE, REGISTRAR_ROLE);
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(REGISTRAR_ROLE, registrar);
        for (uint256 i = 0; i < notaries.length; ++i) {
            if (!_grantRole(NOTARY_ROLE, notaries[i])) revert DuplicateNotary(notaries[i]);
        }
        _setThreshold(threshold);
    }

    /// @inheritdoc IPrescriptionToken
    function license(
        address prescriber,
        bytes32 licenceHash,
        uint64 validTo
    ) external onlyRole(REGISTRAR_ROLE) {
        // Days ahead: a proposer's seconds change nothing of a licence that is.
        // slither-disable-next-line timestamp
        if (validTo <= block.timestamp || validTo > type(uint40).max) revert LicenceNotAhead(validTo);
        uint32 number = ++_lastLicence;
        _licences[number] = Licence({
            prescriber: prescriber,
            validFrom: uint40(block.timestamp),
            validTo: uint40(validTo),
            licenceHash: licenceHash
        });
        _licenceNumber[prescriber] = number;
        _grantRole(PRESCRIBER_ROLE, prescriber);
        emit PrescriberLicensed(prescriber, number, licenceHash, validTo);
    }

    /// @inheritdoc IPrescriptionToken
    function mint(uint256 tokenId, address holder, bytes32 commitment, uint64 expires) external {
        _mintAs(_msgSender(), tokenId, holder, commitment, expires);
    }

    /// @inheritdoc IPrescriptionToken
    function mintBatch(Issue[] calldata issues, bytes[] calldata signatures) external {
        if (issues.length != signatures.length) revert UnequalLengths(issues.length, signatures.length);
        for (uint256 i = 0; i < issues.length; ++i) {
            Issue calldata issue = issues[i];
            // Minutes ahead, for whoever brings it late: within a proposer's seconds of the deadline either answer is right.
            // slither-disable-next-line timestamp
            if (block.timestamp > issue.deadline) revert IssueExpired(issue.tokenId, issue.deadline);
            // Refuses a wrong length and the malleable upper half of `s`; a token that exists refuses a replay.
            address issuer = ECDSA.recoverCalldata(issueDigest(issue), signatures[i]);
            _mintAs(issuer, issue.tokenId, issue.holder, issue.commitment, issue.expires);
        }
    }

    /// @inheritdoc IPrescriptionToken
    function recordState(Attestation calldata attestation, bytes[] calldata signatures) external {
        _record(attestation, signatures);
    }

    /// @inheritdoc IPrescriptionToken
    function recordStates(Attestation[] calldata attestations, bytes[][] calldata signatures) external {
        if (attestations.length != signatures.length) revert UnequalLengths(attestations.length, signatures.length);
        for (uint256 i = 0; i < attestations.length; ++i) _record(attestations[i], signatures[i]);
    }

    /// @inheritdoc IPrescriptionToken
    function setNotaryThreshold(uint256 threshold) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setThreshold(threshold);
    }

    /// @inheritdoc IPrescriptionToken
    function prescriptionOf(uint256 tokenId) external view returns (Prescription memory) {
        address holder = _requireOwned(tokenId);
        Entry storage entry = _entries[tokenId];
        return
            Prescription({
                issuer: _licences[entry.licence].prescriber,
                holder: holder,
                commitment: entry.commitment,
                expires: entry.expires,
                state: entry.state,
                version: entry.version
            });
    }

    /// @inheritdoc IPrescriptionToken
    function licenceOf(uint256 tokenId) external view returns (Licence memory) {
        _requireOwned(tokenId);
        return _licences[_entries[tokenId].licence];
    }

    /// @inheritdoc IPrescriptionToken
    function licenceOfPrescriber(address prescriber) external view returns (Licence memory) {
        return _licences[_licenceNumber[prescriber]];
    }

    /// @inheritdoc IERC5192
    function locked(uint256 tokenId) external view returns (bool) {
        _requireOwned(tokenId);
        return true;
    }

    /// @inheritdoc IPrescriptionToken
    function notaryThreshold() external view returns (uint256) {
        return _threshold;
    }

    /// @inheritdoc IPrescriptionToken
    function notaryCount() external view returns (uint256) {
        return _notaries;
    }

    /// @inheritdoc IPrescriptionToken
    function exists(uint256 tokenId) public view returns (bool) {
        return _ownerOf(tokenId) != address(0);
    }

    /// @inheritdoc IPrescriptionToken
    function attestationDigest(Attestation calldata attestation) public view returns (bytes32) {
        // An attestation has static members only, and is encoded as they are, one after another.
        return _hashTypedDataV4(keccak256(abi.encode(ATTESTATION_TYPEHASH, attestation)));
    }

    /// @inheritdoc IPrescriptionToken
    function issueDigest(Issue calldata issue) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ISSUE_TYPEHASH, issue)));
    }

    /// @notice The same words for every token; they say nothing about a medicine or a patient.
    /// @param tokenId The token; reverts where there is none.
    /// @return A data URI with JSON.
    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        _requireOwned(tokenId);
        return METADATA;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, AccessControl) returns (bool) {
        return
            interfaceId == type(IERC5192).interfaceId ||
            interfaceId == type(IPrescriptionToken).interfaceId ||
            super.supportsInterface(interfaceId);
    }

    /// @dev The owner stands with all else about a token, so that ERC-721's own slot for it is never written.
    function _ownerOf(uint256 tokenId) internal view override returns (address) {
        return _entries[tokenId].holder;
    }

    /// @dev Every transfer ends here. Refused; minting does not come here.
    function _update(address, uint256 tokenId, address) internal view override returns (address) {
        _requireOwned(tokenId);
        revert TokenLocked(tokenId);
    }

    /// @dev `approve` ends here. Refused, because nobody could ever use it.
    function _approve(address to, uint256 tokenId, address auth, bool emitEvent) internal override {
        if (exists(tokenId)) revert TokenLocked(tokenId);
        super._approve(to, tokenId, auth, emitEvent);
    }

    /// @dev `setApprovalForAll` ends here. Refused, because nobody could ever use it.
    function _setApprovalForAll(address, address, bool) internal pure override {
        revert ApprovalsDisabled();
    }

    /// @dev Counts notaries, so that the threshold can be held against their number.
    function _grantRole(bytes32 role, address account) internal override returns (bool) {
        bool granted = super._grantRole(role, account);
        // In a loop only when the contract is deployed, with one notary for each organisation.
        // slither-disable-next-line costly-loop
        if (granted && role == NOTARY_ROLE) ++_notaries;
        return granted;
    }

    /// @dev Keeps as many notaries as the threshold needs, or no state could ever be recorded again.
    function _revokeRole(bytes32 role, address account) internal override returns (bool) {
        bool revoked = super._revokeRole(role, account);
        if (revoked && role == NOTARY_ROLE) {
            --_notaries;
            if (_notaries < _threshold) revert ThresholdOutOfRange(_threshold, _notaries);
        }
        return revoked;
    }

    function _mintAs(
        address issuer,
        uint256 tokenId,
        address holder,
        bytes32 commitment,
        uint64 expires
    ) private {
        _checkRole(PRESCRIBER_ROLE, issuer);
        uint32 licence = _licenceNumber[issuer];
        // Days and months ahead, both times: a proposer's seconds make no prescription that the ledger does not have.
        // slither-disable-next-line timestamp
        if (licence == 0 || block.timestamp > _licences[licence].validTo) revert NotLicensed(issuer);
        if (exists(tokenId)) revert TokenExists(tokenId);
        if (holder == address(0)) revert ZeroHolder();
        if (commitment == bytes32(0)) revert EmptyCommitment();
        // slither-disable-next-line timestamp
        if (expires <= block.timestamp) revert ExpiryNotAhead(expires);

        _entries[tokenId] = Entry({
            holder: holder,
            expires: SafeCast.toUint32(expires),
            version: 0,
            state: State.Active,
            licence: licence,
            commitment: commitment
        });
        _increaseBalance(holder, 1);

        emit Transfer(address(0), holder, tokenId);
        emit Locked(tokenId);
        emit PrescriptionMinted(tokenId, issuer, licence, commitment, expires);
    }

    function _record(Attestation calldata attestation, bytes[] calldata signatures) private {
        uint256 tokenId = attestation.tokenId;
        _requireOwned(tokenId);
        // Minutes ahead, as an issue's: what is attested stays true, and a newer version is attested anew.
        // slither-disable-next-line timestamp
        if (block.timestamp > attestation.deadline) revert AttestationExpired(attestation.deadline);
        if (attestation.state > uint8(type(State).max)) revert UnknownState(attestation.state);

        Entry storage entry = _entries[tokenId];
        State recorded = entry.state;
        State given = State(attestation.state);
        if (recorded == State.Dispensed || recorded == State.Cancelled) revert TerminalState(tokenId, recorded);
        if (attestation.version <= entry.version) {
            revert VersionNotRising(tokenId, entry.version, attestation.version);
        }
        if (given < recorded) revert StateNotReachable(recorded, given);
        _requireNotaries(attestationDigest(attestation), signatures);

        entry.state = given;
        entry.version = SafeCast.toUint24(attestation.version);
        emit PrescriptionStateRecorded(
            tokenId,
            given,
            attestation.version,
            attestation.channel,
            attestation.blockHash
        );
    }

    function _setThreshold(uint256 threshold) private {
        if (threshold == 0 || threshold > _notaries) revert ThresholdOutOfRange(threshold, _notaries);
        _threshold = threshold;
        emit NotaryThresholdChanged(threshold);
    }

    /// @dev `ECDSA.recover` refuses a wrong length and the malleable upper half of `s`. Notaries are few, so comparing each
    /// signer with those before it is cheaper for the caller than an order that it must keep.
    function _requireNotaries(bytes32 digest, bytes[] calldata signatures) private view {
        uint256 count = signatures.length;
        if (count < _threshold) revert TooFewNotaries(count, _threshold);
        address[] memory signers = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            address signer = ECDSA.recoverCalldata(digest, signatures[i]);
            if (!hasRole(NOTARY_ROLE, signer)) revert UnknownNotary(signer);
            for (uint256 j = 0; j < i; ++j) {
                if (signers[j] == signer) revert DuplicateNotary(signer);
            }
            signers[i] = signer;
        }
    }
}
