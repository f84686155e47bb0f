"""The terms of the ontology and the prefixes of its data, as plain strings.

The names are those of ``ontology/rolegraph.ttl``, letter for letter; a test holds the two equal.

Examples
--------
>>> from rolegraph.vocab import RG, curie, expand
>>> RG.hasResponsibility
'https://w3id.org/rolegraph/ontology#hasResponsibility'
>>> curie("https://w3id.org/rolegraph/role/delivery-manager")
'role:delivery-manager'
>>> expand("role:delivery-manager")
'https://w3id.org/rolegraph/role/delivery-manager'
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "BASE",
    "GRAPHS",
    "OWL",
    "PREFIXES",
    "RDF",
    "RDFS",
    "RG",
    "SKOS",
    "XSD",
    "curie",
    "expand",
]

BASE: Final = "https://w3id.org/rolegraph/"
"""What every IRI of ours starts with. Not registered yet: see ``ontology/README.md``."""
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
GRAPHS: Final = BASE + "graph/"
"""What the names of our named graphs start with."""


class RG:
    """Classes, properties and controlled values of the ontology (prefix ``rg:``)."""

    NS: Final = BASE + "ontology#"
    # classes
    ActivityForStep: Final = NS + "ActivityForStep"
    AdvancedCertification: Final = NS + "AdvancedCertification"
    Aim: Final = NS + "Aim"
    Assertion: Final = NS + "Assertion"
    BeneficialRequirement: Final = NS + "BeneficialRequirement"
    BridgingCertification: Final = NS + "BridgingCertification"
    CareerPlan: Final = NS + "CareerPlan"
    Certification: Final = NS + "Certification"
    CertificationForStep: Final = NS + "CertificationForStep"
    CertificationHeld: Final = NS + "CertificationHeld"
    CertificationOfUse: Final = NS + "CertificationOfUse"
    CertificationScheme: Final = NS + "CertificationScheme"
    Claim: Final = NS + "Claim"
    ConceptCollection: Final = NS + "ConceptCollection"
    CrossFamilyTransition: Final = NS + "CrossFamilyTransition"
    CuratedClaim: Final = NS + "CuratedClaim"
    CuratorNote: Final = NS + "CuratorNote"
    Derivation: Final = NS + "Derivation"
    DevelopmentActivity: Final = NS + "DevelopmentActivity"
    DevelopmentPractice: Final = NS + "DevelopmentPractice"
    Document: Final = NS + "Document"
    EducationLevel: Final = NS + "EducationLevel"
    EducationRequirement: Final = NS + "EducationRequirement"
    EntryRole: Final = NS + "EntryRole"
    EntryTransition: Final = NS + "EntryTransition"
    EssentialRequirement: Final = NS + "EssentialRequirement"
    Evidence: Final = NS + "Evidence"
    EvidenceKind: Final = NS + "EvidenceKind"
    ExecutiveRole: Final = NS + "ExecutiveRole"
    Hedge: Final = NS + "Hedge"
    HelpToAdvance: Final = NS + "HelpToAdvance"
    ImportedClaim: Final = NS + "ImportedClaim"
    Industry: Final = NS + "Industry"
    InferredClaim: Final = NS + "InferredClaim"
    InvolvementPattern: Final = NS + "InvolvementPattern"
    JobZone: Final = NS + "JobZone"
    Knowledge: Final = NS + "Knowledge"
    LateralTransition: Final = NS + "LateralTransition"
    LearningFormat: Final = NS + "LearningFormat"
    Level: Final = NS + "Level"
    ManagementSkill: Final = NS + "ManagementSkill"
    ObservedClaim: Final = NS + "ObservedClaim"
    Occupation: Final = NS + "Occupation"
    OccupationGroup: Final = NS + "OccupationGroup"
    OrganisationalPractice: Final = NS + "OrganisationalPractice"
    Outcome: Final = NS + "Outcome"
    Party: Final = NS + "Party"
    PlanItem: Final = NS + "PlanItem"
    PlanPart: Final = NS + "PlanPart"
    PlanValue: Final = NS + "PlanValue"
    PlannedCrossing: Final = NS + "PlannedCrossing"
    PlannedMove: Final = NS + "PlannedMove"
    PlannedStep: Final = NS + "PlannedStep"
    Precondition: Final = NS + "Precondition"
    ProficiencyLevel: Final = NS + "ProficiencyLevel"
    ProgressionPattern: Final = NS + "ProgressionPattern"
    Promotion: Final = NS + "Promotion"
    Purpose: Final = NS + "Purpose"
    RecommendedRequirement: Final = NS + "RecommendedRequirement"
    Responsibility: Final = NS + "Responsibility"
    ResponsibilityCarriedOver: Final = NS + "ResponsibilityCarriedOver"
    ResponsibilityTakenOn: Final = NS + "ResponsibilityTakenOn"
    Role: Final = NS + "Role"
    RoleFamily: Final = NS + "RoleFamily"
    RoleLadder: Final = NS + "RoleLadder"
    RoleTransition: Final = NS + "RoleTransition"
    RouteSearch: Final = NS + "RouteSearch"
    Section: Final = NS + "Section"
    Setting: Final = NS + "Setting"
    SharedResponsibility: Final = NS + "SharedResponsibility"
    Skill: Final = NS + "Skill"
    SkillCarriedOver: Final = NS + "SkillCarriedOver"
    SkillGroup: Final = NS + "SkillGroup"
    SkillRating: Final = NS + "SkillRating"
    SkillRequirement: Final = NS + "SkillRequirement"
    SkillToLearn: Final = NS + "SkillToLearn"
    SkillToRaise: Final = NS + "SkillToRaise"
    SoftSkill: Final = NS + "SoftSkill"
    Source: Final = NS + "Source"
    SourceFile: Final = NS + "SourceFile"
    SpecialisationTransition: Final = NS + "SpecialisationTransition"
    StatedClaim: Final = NS + "StatedClaim"
    Strength: Final = NS + "Strength"
    SuggestedTransition: Final = NS + "SuggestedTransition"
    TechnicalSkill: Final = NS + "TechnicalSkill"
    TextPassage: Final = NS + "TextPassage"
    TopRole: Final = NS + "TopRole"
    Topic: Final = NS + "Topic"
    Training: Final = NS + "Training"
    Transition: Final = NS + "Transition"
    WorkConcept: Final = NS + "WorkConcept"
    WorkEnvironment: Final = NS + "WorkEnvironment"

    # object properties
    appliesIn: Final = NS + "appliesIn"
    benefitsFrom: Final = NS + "benefitsFrom"
    broader: Final = NS + "broader"
    broaderTransitive: Final = NS + "broaderTransitive"
    buildsOn: Final = NS + "buildsOn"
    canBePromotedTo: Final = NS + "canBePromotedTo"
    canBeReachedFrom: Final = NS + "canBeReachedFrom"
    canMoveLaterallyTo: Final = NS + "canMoveLaterallyTo"
    canSpecialiseIn: Final = NS + "canSpecialiseIn"
    canTransitionTo: Final = NS + "canTransitionTo"
    careerGrowsInto: Final = NS + "careerGrowsInto"
    careerStartsWith: Final = NS + "careerStartsWith"
    concernsRole: Final = NS + "concernsRole"
    concernsTopic: Final = NS + "concernsTopic"
    coversTopic: Final = NS + "coversTopic"
    crucialIn: Final = NS + "crucialIn"
    develops: Final = NS + "develops"
    differsFrom: Final = NS + "differsFrom"
    easesTransition: Final = NS + "easesTransition"
    educationFor: Final = NS + "educationFor"
    emphasisesTopic: Final = NS + "emphasisesTopic"
    exceedsDemand: Final = NS + "exceedsDemand"
    factsAre: Final = NS + "factsAre"
    focusesOn: Final = NS + "focusesOn"
    followsTransition: Final = NS + "followsTransition"
    fromRole: Final = NS + "fromRole"
    hasBeneficialSkill: Final = NS + "hasBeneficialSkill"
    hasCoreResponsibility: Final = NS + "hasCoreResponsibility"
    hasDistinctFocusFrom: Final = NS + "hasDistinctFocusFrom"
    hasDistinctResponsibilitiesFrom: Final = NS + "hasDistinctResponsibilitiesFrom"
    hasDistinctSkillsFrom: Final = NS + "hasDistinctSkillsFrom"
    hasEssentialSkill: Final = NS + "hasEssentialSkill"
    hasEvidence: Final = NS + "hasEvidence"
    hasEvidenceKind: Final = NS + "hasEvidenceKind"
    hasFormat: Final = NS + "hasFormat"
    hasHedge: Final = NS + "hasHedge"
    hasInvolvement: Final = NS + "hasInvolvement"
    hasLevel: Final = NS + "hasLevel"
    hasMember: Final = NS + "hasMember"
    hasOutcome: Final = NS + "hasOutcome"
    hasPart: Final = NS + "hasPart"
    hasPlanItem: Final = NS + "hasPlanItem"
    hasPlanValue: Final = NS + "hasPlanValue"
    hasPlannedStep: Final = NS + "hasPlannedStep"
    hasPrecondition: Final = NS + "hasPrecondition"
    hasPrimaryFocus: Final = NS + "hasPrimaryFocus"
    hasPrimaryResponsibility: Final = NS + "hasPrimaryResponsibility"
    hasPurpose: Final = NS + "hasPurpose"
    hasRecommendedSkill: Final = NS + "hasRecommendedSkill"
    hasRelevantCertification: Final = NS + "hasRelevantCertification"
    hasRequirement: Final = NS + "hasRequirement"
    hasResponsibility: Final = NS + "hasResponsibility"
    hasRung: Final = NS + "hasRung"
    hasSkill: Final = NS + "hasSkill"
    hasStrength: Final = NS + "hasStrength"
    inCareerPlan: Final = NS + "inCareerPlan"
    inCollection: Final = NS + "inCollection"
    inDocument: Final = NS + "inDocument"
    inFamily: Final = NS + "inFamily"
    inGroup: Final = NS + "inGroup"
    inJobZone: Final = NS + "inJobZone"
    inPlannedStep: Final = NS + "inPlannedStep"
    inSection: Final = NS + "inSection"
    isAbout: Final = NS + "isAbout"
    isAdvancementSupportedBy: Final = NS + "isAdvancementSupportedBy"
    isBeneficialStep: Final = NS + "isBeneficialStep"
    isCertificationFor: Final = NS + "isCertificationFor"
    isCharacterisedBy: Final = NS + "isCharacterisedBy"
    isDevelopedBy: Final = NS + "isDevelopedBy"
    isEasedByActivity: Final = NS + "isEasedByActivity"
    isEncouragedBy: Final = NS + "isEncouragedBy"
    isEntryRoleOf: Final = NS + "isEntryRoleOf"
    isEssentialStep: Final = NS + "isEssentialStep"
    isEvidenceFor: Final = NS + "isEvidenceFor"
    isIssuedUnder: Final = NS + "isIssuedUnder"
    isLateralStep: Final = NS + "isLateralStep"
    isOutcomeOf: Final = NS + "isOutcomeOf"
    isPartOf: Final = NS + "isPartOf"
    isPromotionStep: Final = NS + "isPromotionStep"
    isPurposeOf: Final = NS + "isPurposeOf"
    isRecommendedStep: Final = NS + "isRecommendedStep"
    isRequiredIn: Final = NS + "isRequiredIn"
    isRequirementOf: Final = NS + "isRequirementOf"
    isResponsibilityOf: Final = NS + "isResponsibilityOf"
    isSkillOf: Final = NS + "isSkillOf"
    isSourceOf: Final = NS + "isSourceOf"
    isSupportedByCertification: Final = NS + "isSupportedByCertification"
    isTargetOf: Final = NS + "isTargetOf"
    isTopRoleOf: Final = NS + "isTopRoleOf"
    issues: Final = NS + "issues"
    leadsTo: Final = NS + "leadsTo"
    mentors: Final = NS + "mentors"
    mergesWordingOf: Final = NS + "mergesWordingOf"
    narrower: Final = NS + "narrower"
    needsSkill: Final = NS + "needsSkill"
    nextLevel: Final = NS + "nextLevel"
    nextStep: Final = NS + "nextStep"
    onLadder: Final = NS + "onLadder"
    opensWayTo: Final = NS + "opensWayTo"
    overlapsWith: Final = NS + "overlapsWith"
    partOfSource: Final = NS + "partOfSource"
    plannedFrom: Final = NS + "plannedFrom"
    plannedTo: Final = NS + "plannedTo"
    previousStep: Final = NS + "previousStep"
    progressesBy: Final = NS + "progressesBy"
    promotionLeadsTo: Final = NS + "promotionLeadsTo"
    ratesRole: Final = NS + "ratesRole"
    ratesSkill: Final = NS + "ratesSkill"
    requiredEducation: Final = NS + "requiredEducation"
    requiredLevel: Final = NS + "requiredLevel"
    requiredSkill: Final = NS + "requiredSkill"
    restsOn: Final = NS + "restsOn"
    restsOnKind: Final = NS + "restsOnKind"
    servesParty: Final = NS + "servesParty"
    skillSetServes: Final = NS + "skillSetServes"
    specialisesIn: Final = NS + "specialisesIn"
    suggestedFrom: Final = NS + "suggestedFrom"
    suggestedTo: Final = NS + "suggestedTo"
    supportsAdvancementOf: Final = NS + "supportsAdvancementOf"
    supportsTransition: Final = NS + "supportsTransition"
    toRole: Final = NS + "toRole"
    usesSkill: Final = NS + "usesSkill"
    worksIn: Final = NS + "worksIn"
    worksInEnvironment: Final = NS + "worksInEnvironment"
    worksInIndustry: Final = NS + "worksInIndustry"
    worksWith: Final = NS + "worksWith"

    # data properties
    askedLevel: Final = NS + "askedLevel"
    askedRank: Final = NS + "askedRank"
    attribution: Final = NS + "attribution"
    characterCount: Final = NS + "characterCount"
    confidence: Final = NS + "confidence"
    endOffset: Final = NS + "endOffset"
    fileDigest: Final = NS + "fileDigest"
    fullName: Final = NS + "fullName"
    heldLevel: Final = NS + "heldLevel"
    heldRank: Final = NS + "heldRank"
    hotTechnology: Final = NS + "hotTechnology"
    importance: Final = NS + "importance"
    inDemand: Final = NS + "inDemand"
    ladderRank: Final = NS + "ladderRank"
    levelRank: Final = NS + "levelRank"
    levelValue: Final = NS + "levelValue"
    measureName: Final = NS + "measureName"
    measureValue: Final = NS + "measureValue"
    notRelevant: Final = NS + "notRelevant"
    notStated: Final = NS + "notStated"
    objective: Final = NS + "objective"
    parameters: Final = NS + "parameters"
    rank: Final = NS + "rank"
    rationale: Final = NS + "rationale"
    recommendSuppress: Final = NS + "recommendSuppress"
    relatednessRank: Final = NS + "relatednessRank"
    relatednessTier: Final = NS + "relatednessTier"
    reuseLevel: Final = NS + "reuseLevel"
    sampleSize: Final = NS + "sampleSize"
    searchRule: Final = NS + "searchRule"
    sha256: Final = NS + "sha256"
    share: Final = NS + "share"
    sourceKey: Final = NS + "sourceKey"
    sourceRow: Final = NS + "sourceRow"
    sourceVersion: Final = NS + "sourceVersion"
    startOffset: Final = NS + "startOffset"
    stepNumber: Final = NS + "stepNumber"
    threshold: Final = NS + "threshold"
    value: Final = NS + "value"

    # annotation properties
    object: Final = NS + "object"
    predicate: Final = NS + "predicate"
    subject: Final = NS + "subject"

    # controlled values
    beneficial: Final = NS + "beneficial"
    can: Final = NS + "can"
    continuesAfterDelivery: Final = NS + "continuesAfterDelivery"
    curated: Final = NS + "curated"
    directorLevel: Final = NS + "directorLevel"
    endsWithProject: Final = NS + "endsWithProject"
    essential: Final = NS + "essential"
    executiveLevel: Final = NS + "executiveLevel"
    imported: Final = NS + "imported"
    inferred: Final = NS + "inferred"
    juniorLevel: Final = NS + "juniorLevel"
    leadLevel: Final = NS + "leadLevel"
    may: Final = NS + "may"
    observed: Final = NS + "observed"
    often: Final = NS + "often"
    professionalLevel: Final = NS + "professionalLevel"
    recommended: Final = NS + "recommended"
    seniorLevel: Final = NS + "seniorLevel"
    some: Final = NS + "some"
    stated: Final = NS + "stated"
    typical: Final = NS + "typical"
    unhedged: Final = NS + "unhedged"


_DATA = (
    "activity certification claim condition document environment family graph industry move note "
    "outcome party passage pattern plan practice purpose requirement role scheme section skill "
    "topic duty"
).split()

PREFIXES: Final[dict[str, str]] = {
    "rg": RG.NS,
    **{name: f"{BASE}{name}/" for name in sorted(_DATA)},
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "org": "http://www.w3.org/ns/org#",
    "schema": "https://schema.org/",
    "esco": "http://data.europa.eu/esco/model#",
    "esco-occupation": "http://data.europa.eu/esco/occupation/",
    "esco-skill": "http://data.europa.eu/esco/skill/",
    "esco-isco": "http://data.europa.eu/esco/isco/",
    "onet": f"{BASE}onet/occupation/",
    "onet-element": f"{BASE}onet/element/",
    "gdad": f"{BASE}gdad/level/",
    "gdad-skill": f"{BASE}gdad/skill/",
}
"""Prefixes known in every query and CURIE."""


def curie(iri: str) -> str:
    """Shorten an IRI with the longest prefix that fits.

    Parameters
    ----------
    iri : str
        An absolute IRI.

    Returns
    -------
    str
        The CURIE, or the IRI itself when no prefix fits.
    """
    fits = [(len(ns), p, ns) for p, ns in PREFIXES.items() if iri.startswith(ns)]
    if not fits:
        return iri
    _, prefix, ns = max(fits)
    local = iri[len(ns) :]
    return iri if not local or "/" in local or "#" in local else f"{prefix}:{local}"


def expand(text: str) -> str | None:
    """Expand a CURIE, or pass an absolute IRI through.

    Parameters
    ----------
    text : str
        A CURIE such as ``"role:delivery-manager"``, or an IRI, bare or in angle brackets.

    Returns
    -------
    str or None
        The IRI; None when the text is neither.
    """
    text = text.strip().removeprefix("<").removesuffix(">")
    if "://" in text:
        return text
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES and local and " " not in local:
        return PREFIXES[prefix] + local
    return text if text.startswith("urn:") else None
